package io.gocacheserver.adapter;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;

/** Asks a resident process for something. */
final class Control {

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private Control() {}

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

    static boolean isRunning(SocketFiles files) {
        try {
            return ask(files, LaunchServer.PING, ANSWER).equals(LaunchServer.PONG)
                    && Files.exists(files.connect());
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
        String line = LaunchServer.STOP + ' ' + timeout.toMillis();
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
