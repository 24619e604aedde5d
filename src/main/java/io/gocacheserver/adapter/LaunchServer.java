package io.gocacheserver.adapter;

import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.cli.CommandLine;
import io.gocacheserver.adapter.cli.Invocation;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.cli.UsageException;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;

import jdk.net.ExtendedSocketOptions;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers on the two sockets of a resident process, and asks there. A connection to the one for launchers sends one line:
 *
 * <ul>
 *   <li>{@code ping}: answered with {@code pong};
 *   <li>{@code stop <milliseconds>}: the process takes no more sessions, ends after the ones that it has, and cancels what is
 *       left after that time; answered with what was done;
 *   <li>{@code session 1 <pid> <arguments> <version> <terminal>}: serves the Go command that started the launcher {@code
 *       pid}, of that version and with so many arguments; the last word is {@code true} if stderr is a terminal. Output for the
 *       user comes over the connection; the protocol does not, see {@link LauncherProcess}. A session that cannot be served is
 *       refused by closing the connection and leaving the launcher's session file; the launcher then runs a JVM of its own.
 * </ul>
 *
 * <p>On the other socket each client speaks the bare protocol, with the options of this process: for {@code GOCACHEPROG="nc -N -U
 * SOCKET"}, where the launcher cannot be used.
 *
 * @param serveOptions the options that this process itself was given, or null
 */
record LaunchServer(
        Resident resident,
        SocketFiles files,
        String version,
        SharedSessions sessions,
        @Nullable Options serveOptions,
        PrintStream log) {

    private static final String NO_SERVER =
            "go-cache-adapter serve was started without --server, which this connection needs";
    static final String PING = "ping";
    static final String PONG = "pong\n";
    private static final String STOP = "stop";
    private static final String SESSION = "session";

    private static final int SESSION_WORDS = 6;
    private static final int MAX_LINE_BYTES = 512;
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** As many {@code go} commands may start at once. */
    private static final int BACKLOG = 1024;

    private static final long PAUSE_NANOS = 100_000_000;

    /** The line that the launcher finds in its session file when a session has ended well. */
    private static final byte[] ENDED = "ended\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * What a resident process did in all.
     *
     * @param done in some lines
     * @param failed in one line; empty if nothing did
     */
    record WorkReport(String done, String failed) {

        private static final String SEPARATOR = "\f"; // is in neither

        /** As the process answers to {@code stop}. */
        String encoded() {
            return done + SEPARATOR + failed;
        }

        String lines() {
            return failed.isEmpty() ? done : done + '\n' + failed;
        }
    }

    private interface Handler {
        void handle(SocketChannel connection) throws IOException, UsageException;
    }

    /** Answers at both sockets. */
    void listen() throws IOException {
        resident.closeFirst(listen(files.socket(), this::serveBare));
        resident.closeFirst(listen(files.launch(), this::answerLine));
    }

    /** At a socket that only the user who runs this process can use; replaces a file of that name. */
    private ServerSocketChannel listen(Path socket, Handler handler) throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        Thread.ofPlatform().daemon().name("accept").start(() -> accept(server, handler));
        return server;
    }

    private void accept(ServerSocketChannel server, Handler handler) {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                Thread.ofPlatform().daemon().start(() -> handle(connection, handler));
            } catch (IOException | OutOfMemoryError e) {
                // Too many files or threads, unless it was closed: some are given back in time.
                if (server.isOpen()) {
                    resident.say("cannot accept a connection: " + e);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    private void handle(SocketChannel connection, Handler handler) {
        try (connection) {
            handler.handle(connection);
        } catch (UsageException e) {
            resident.say("refused: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            resident.say("a connection failed: " + e);
        }
    }

    private void answerLine(SocketChannel connection) throws IOException, UsageException {
        if (!isSelf(connection)) {
            return;
        }
        String[] words = readLine(connection).split(" ");
        switch (words[0]) {
            case PING -> answer(connection, PONG);
            case STOP -> stop(connection, Duration.ofMillis(Long.parseLong(words[1])));
            case SESSION -> session(connection, words);
            default -> answer(connection, "unknown\n");
        }
    }

    private void serveBare(SocketChannel connection) throws IOException {
        ResponseWriter responses = new ResponseWriter(Channels.newOutputStream(connection));
        if (serveOptions == null) {
            resident.say(NO_SERVER);
            responses.error(0, NO_SERVER);
        } else if (resident.begin()) {
            try {
                OneShot.prepare(serveOptions.cacheDir());
                sessions.serve(
                        serveOptions,
                        new GoInvocation("", List.of(), Map.of()),
                        false,
                        new RequestReader(Channels.newInputStream(connection)),
                        responses,
                        false,
                        log,
                        () -> end(connection));
            } finally {
                resident.done();
            }
        }
    }

    /** Whether the user at the other end owns the socket, and so runs this process. */
    private boolean isSelf(SocketChannel connection) throws IOException {
        if (!connection.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)) {
            // Then the modes of the socket and of its directory must do.
            return true;
        }
        UserPrincipal peer = connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        return peer.equals(Files.getOwner(files.launch()));
    }

    /** The client is to know what was done before the process ends. */
    private void stop(SocketChannel connection, Duration timeout) throws IOException {
        resident.hold();
        try {
            answer(connection, resident.end("stopped", timeout).encoded() + '\n');
            connection.close();
        } finally {
            resident.done();
        }
    }

    private void session(SocketChannel connection, String[] words)
            throws IOException, UsageException {
        if (words.length != SESSION_WORDS || !words[4].equals(version)) {
            resident.retire("a launcher is of version " + words[Math.min(4, words.length - 1)]);
            return;
        }
        long pid = Long.parseLong(words[2]);
        if (!resident.begin()) {
            return;
        }
        LauncherProcess launcher = new LauncherProcess(pid);
        Path file = files.session(pid);
        try (FileChannel in = launcher.openStdin();
                OutputStream out = launcher.openStdout();
                OutputStream outcome = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
            launcher.verify(file);
            Options options = options(launcher, Integer.parseInt(words[3]));
            OneShot.prepare(options.cacheDir());
            GoInvocation build = launcher.build();
            // Fails if the launcher has given up, and removed it first.
            Files.delete(file);
            sessions.serve(
                    options,
                    build,
                    words[5].equals("true") && !LauncherProcess.isNested(pid),
                    new RequestReader(Channels.newInputStream(in)),
                    new ResponseWriter(out),
                    true,
                    new PrintStream(
                            Channels.newOutputStream(connection), true, StandardCharsets.UTF_8),
                    // The launcher goes last: it ends when the connection does, and then must find
                    // what came of the session.
                    () -> end(in, out, () -> outcome.write(ENDED), connection));
        } finally {
            resident.done();
        }
    }

    /** Closes them in this order. */
    private void end(Closeable... all) {
        for (Closeable closeable : all) {
            try {
                closeable.close();
            } catch (IOException e) {
                resident.say("cannot end a session: " + e);
            }
        }
    }

    /** A session's own; the token may be with this process alone. */
    private Options options(LauncherProcess launcher, int argumentCount)
            throws IOException, UsageException {
        String[] arguments = launcher.arguments(argumentCount).toArray(String[]::new);
        Map<String, String> environment = launcher.environment();
        Invocation invocation = CommandLine.parse(arguments, environment, launcher.directory());
        if (invocation.command() != Invocation.Command.SESSION) {
            throw new IOException("a launcher asks for something else than a session");
        }
        Options options = invocation.session();
        if (options.credential() == null
                && serveOptions != null
                && options.server().equals(serveOptions.server())
                && serveOptions.credential() instanceof Credential.Token(String token)) {
            environment.put("CACHESERVER_TOKEN", token);
            return CommandLine.parse(arguments, environment, launcher.directory()).session();
        }
        return options;
    }

    private static String readLine(SocketChannel connection) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(MAX_LINE_BYTES);
        while (line.hasRemaining() && connection.read(line) >= 0) {
            int end = line.position() - 1;
            if (end >= 0 && line.get(end) == '\n') {
                return new String(line.array(), 0, end, StandardCharsets.UTF_8);
            }
        }
        throw new IOException("no line of at most " + MAX_LINE_BYTES + " bytes");
    }

    private static void answer(SocketChannel connection, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }

    static boolean isRunning(SocketFiles files) {
        try {
            return ask(files, PING, ANSWER).equals(PONG);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Ends it: no new sessions, and those that it has may finish, with their uploads, within {@code timeout}.
     *
     * @return what it did in all
     * @throws IOException if there is none, or it dies meanwhile
     */
    static WorkReport stop(SocketFiles files, Duration timeout) throws IOException {
        String line = STOP + ' ' + timeout.toMillis();
        String[] parts = ask(files, line, timeout.plus(ANSWER)).split(WorkReport.SEPARATOR, -1);
        if (parts.length != 2) {
            throw new IOException("it has died");
        }
        return new WorkReport(parts[0].strip(), parts[1].strip());
    }

    private static String ask(SocketFiles files, String line, Duration limit) throws IOException {
        try (SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            connection.connect(UnixDomainSocketAddress.of(files.launch()));
            Thread.ofPlatform().daemon().start(() -> closeAfter(connection, limit));
            connection.write(StandardCharsets.US_ASCII.encode(line + '\n'));
            byte[] answer = Channels.newInputStream(connection).readAllBytes();
            return new String(answer, StandardCharsets.UTF_8);
        }
    }

    private static void closeAfter(SocketChannel connection, Duration limit) {
        try {
            Thread.sleep(limit);
            connection.close();
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }
}
