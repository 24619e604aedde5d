package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.system.ChildProcess;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code go-cache-adapter serve}: listens until it is told to stop, has been idle for long enough, or a launcher of another
 * version comes. The process that listens holds the lock beside the socket, and gives it back when it stops to listen; sessions and
 * uploads go on after that.
 */
final class Resident {

    /** Most sessions at once: each needs a thread, and each of its files a descriptor. */
    private static final int MAX_SESSIONS = 2_000;

    private static final Duration DRAIN = Duration.ofSeconds(30);

    private static final Duration TRY = Duration.ofSeconds(5);

    /**
     * Programs by which a shell script connects to a Unix socket, from the cheapest to the dearest; SOCKET stands for its quoted
     * file name. There is no such builtin. They wait until the socket closes, though their stdin ends at once.
     */
    private static final List<String> CONNECT_TOOLS =
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

    private final SocketFiles files;
    private final Options.Resident settings;
    private final @Nullable Options serveOptions;
    private final String version;
    private final SharedSessions sessions;
    private final PrintStream log;
    private final List<Closeable> listening = new ArrayList<>();
    private int active;
    private long lastUse = System.nanoTime();
    private boolean retired;
    private LaunchServer.@Nullable WorkReport report;

    /** @param serveOptions options of sessions over the bare protocol; null if no server was named */
    Resident(
            SocketFiles files,
            Options.Resident settings,
            @Nullable Options serveOptions,
            String version,
            SharedSessions sessions,
            PrintStream log) {
        this.files = files;
        this.settings = settings;
        this.serveOptions = serveOptions;
        this.version = version;
        this.sessions = sessions;
        this.log = log;
    }

    /** Serves to the end; returns at once if another process listens already. */
    void run(Map<String, String> environment) throws IOException {
        files.prepareDirectory();
        FileChannel lock =
                FileChannel.open(files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        listening.add(lock);
        if (lock.tryLock() == null) {
            say("another one serves at " + files.socket() + " already: 'stop' ends it");
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end("told to end", drainTimeout())));
        listen(environment);
        awaitEnd();
    }

    private void listen(Map<String, String> environment) throws IOException {
        Files.deleteIfExists(files.connect());
        new LaunchServer(this, files, version, sessions, serveOptions, log).listen();
        publishConnect(environment);
        Files.deleteIfExists(files.starting());
        say("version " + version + " serves at " + files.socket());
    }

    /** What is closed when it listens no more, the lock last. */
    synchronized void closeFirst(Closeable listener) {
        listening.addFirst(listener);
    }

    private void publishConnect(Map<String, String> environment) throws IOException {
        if (!LauncherProcess.isSupported()) {
            say("without /proc only GOCACHEPROG=\"nc -N -U " + files.socket() + "\" can use it");
            return;
        }
        String command = connectCommand(files.launch(), environment);
        if (command == null) {
            say(
                    "no nc (OpenBSD's), ncat, socat, perl or python3 works here: launchers cannot connect");
            return;
        }
        Path draft = Files.createTempFile(files.directory(), "connect", null);
        Files.writeString(draft, command + '\n');
        Files.move(draft, files.connect());
    }

    /** The shell command that connects stdin and stdout with {@code socket}: the first that is tried and works here, or null. */
    private static @Nullable String connectCommand(Path socket, Map<String, String> environment) {
        for (String candidate : CONNECT_TOOLS) {
            int blank = candidate.indexOf(' ');
            File tool = ChildProcess.find(candidate.substring(0, blank), environment);
            if (tool != null) {
                String rest =
                        candidate.substring(blank).replace("SOCKET", quote(socket.toString()));
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

    private void awaitEnd() {
        boolean unlimited = settings.idleTimeout().isZero();
        synchronized (this) {
            try {
                while (true) {
                    long left = settings.idleTimeout().toMillis();
                    left -= (System.nanoTime() - lastUse) / 1_000_000;
                    if (active == 0 && (retired || (!unlimited && left <= 0))) {
                        break;
                    }
                    wait(active > 0 || unlimited ? 0 : left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        end(retired ? "retired" : "idle", drainTimeout());
    }

    /** Begins a session; false if there may be no more. */
    synchronized boolean begin() {
        if (retired || active >= MAX_SESSIONS) {
            return false;
        }
        hold();
        return true;
    }

    /** Something goes on until {@link #done}, before which the process does not end by itself. */
    synchronized void hold() {
        active++;
    }

    synchronized void done() {
        active--;
        lastUse = System.nanoTime();
        notifyAll();
    }

    /** Stops to listen; ends when there is nothing left to do. */
    synchronized void retire(String why) {
        if (retired) {
            return;
        }
        retired = true;
        say("listens no more: " + why);
        try {
            Files.deleteIfExists(files.connect());
            Files.deleteIfExists(files.launch());
            Files.deleteIfExists(files.socket());
        } catch (IOException e) {
            say("cannot remove its socket: " + e);
        }
        // The lock is the last.
        for (Closeable listener : listening) {
            try {
                listener.close();
            } catch (IOException e) {
                // It does not listen any more.
            }
        }
        notifyAll();
    }

    /**
     * Stops to listen, and waits for sessions and uploads; says what was done in all. Go commands that still run by then are
     * served to their end.
     */
    LaunchServer.WorkReport end(String why, Duration timeout) {
        retire(why);
        synchronized (sessions) {
            if (report == null) {
                report = sessions.end(timeout);
                report.lines().lines().forEach(this::say);
            }
            return report;
        }
    }

    private Duration drainTimeout() {
        return Objects.requireNonNullElse(settings.drainTimeout(), DRAIN);
    }

    void say(String message) {
        log.println("go-cache-adapter serve: " + message);
    }
}
