package io.gocacheserver.adapter;

import io.gocacheserver.adapter.system.ChildProcess;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The program by which a shell script connects to a Unix socket: the first on {@code PATH} that is tried and works. There
 * is no such builtin. It waits until the socket closes, though its stdin ends at once.
 */
final class ConnectTool {

    private static final Duration TRY = Duration.ofSeconds(5);

    /** From the cheapest to the dearest; SOCKET stands for its quoted file name. */
    private static final List<String> CANDIDATES =
            List.of(
                    "nc -U SOCKET",
                    "ncat -U SOCKET",
                    "socat -t 1000000 STDIO UNIX-CONNECT:SOCKET",
                    "perl -MSocket -e 'socket(S,PF_UNIX,SOCK_STREAM,0)"
                            + "&&connect(S,sockaddr_un(shift))||exit 1;syswrite(S,<STDIN>);"
                            + "syswrite(STDOUT,$b)while sysread(S,$b,4096)' SOCKET",
                    "python3 -c 'import os,socket,sys;s=socket.socket(socket.AF_UNIX);"
                            + "s.connect(sys.argv[1]);s.sendall(os.read(0,4096));"
                            + "[os.write(1,b) for b in iter(lambda:s.recv(4096),b\"\")]' SOCKET");

    private ConnectTool() {}

    /** The shell command that connects stdin and stdout with {@code socket}, or null if none works here. */
    static @Nullable String find(Path socket, Map<String, String> environment) {
        for (String candidate : CANDIDATES) {
            int blank = candidate.indexOf(' ');
            File tool = ChildProcess.find(candidate.substring(0, blank), environment);
            if (tool != null) {
                String rest = candidate.substring(blank).replace("SOCKET", quote(socket.toString()));
                String command = quote(tool.getPath()) + rest;
                if (works(command)) {
                    return command;
                }
            }
        }
        return null;
    }

    /** As one word of a shell command. */
    static String quote(String word) {
        return '\'' + word.replace("'", "'\\''") + '\'';
    }

    private static boolean works(String command) {
        String script = command + " 2>/dev/null <<EOF\n" + LaunchServer.PING + "\nEOF";
        try {
            return ChildProcess.run(
                            new ProcessBuilder("/bin/sh", "-c", script),
                            StandardCharsets.US_ASCII,
                            TRY)
                    .out()
                    .equals(LaunchServer.PONG);
        } catch (IOException e) {
            return false;
        }
    }
}
