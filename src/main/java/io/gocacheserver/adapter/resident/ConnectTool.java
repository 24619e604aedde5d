package io.gocacheserver.adapter.resident;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The program by which a shell script connects to a Unix socket: the first on {@code PATH} that is tried and works. There
 * is no such builtin. It waits until the socket closes, though its stdin ends at once.
 */
final class ConnectTool {

    private static final int TRY_SECONDS = 5;

    /** From the cheapest to the dearest; TOOL and SOCKET stand for their quoted file names. */
    private static final List<List<String>> CANDIDATES =
            List.of(
                    List.of("nc", "TOOL -U SOCKET"),
                    List.of("ncat", "TOOL -U SOCKET"),
                    List.of("socat", "TOOL -t 1000000 STDIO UNIX-CONNECT:SOCKET"),
                    List.of(
                            "perl",
                            "TOOL -MSocket -e 'socket(S,PF_UNIX,SOCK_STREAM,0)"
                                    + "&&connect(S,sockaddr_un(shift))||exit 1;syswrite(S,<STDIN>);"
                                    + "syswrite(STDOUT,$b)while sysread(S,$b,4096)' SOCKET"),
                    List.of(
                            "python3",
                            "TOOL -c 'import os,socket,sys;s=socket.socket(socket.AF_UNIX);"
                                    + "s.connect(sys.argv[1]);s.sendall(os.read(0,4096));"
                                    + "[os.write(1,b) for b in iter(lambda:s.recv(4096),b\"\")]' SOCKET"));

    private ConnectTool() {}

    /** The shell command that connects stdin and stdout with {@code socket}, or null if none works here. */
    static @Nullable String find(Path socket, Map<String, String> environment) throws IOException {
        String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
        for (List<String> candidate : CANDIDATES) {
            for (String directory : path.split(File.pathSeparator)) {
                File tool = new File(directory, candidate.getFirst());
                if (tool.isAbsolute() && tool.canExecute()) {
                    String command =
                            candidate
                                    .get(1)
                                    .replace("TOOL", quote(tool.getPath()))
                                    .replace("SOCKET", quote(socket.toString()));
                    if (works(command)) {
                        return command;
                    }
                    break;
                }
            }
        }
        return null;
    }

    /** As one word of a shell command. */
    static String quote(String word) {
        return '\'' + word.replace("'", "'\\''") + '\'';
    }

    private static boolean works(String command) throws IOException {
        Process shell =
                new ProcessBuilder("/bin/sh", "-c", command + " 2>/dev/null")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            try (var stdin = shell.getOutputStream()) {
                stdin.write((LaunchServer.PING + '\n').getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                return false;
            }
            if (!shell.waitFor(TRY_SECONDS, TimeUnit.SECONDS)) {
                return false;
            }
            byte[] answer = shell.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.US_ASCII).equals(LaunchServer.PONG);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
    }
}
