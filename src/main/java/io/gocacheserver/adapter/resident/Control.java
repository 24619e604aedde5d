package io.gocacheserver.adapter.resident;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;

/** Asks a resident process for something. */
public final class Control {

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private Control() {}

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
    public static WorkReport stop(SocketFiles files, Duration timeout) throws IOException {
        String line = LaunchServer.STOP + ' ' + timeout.toMillis();
        String report = ask(files, line, timeout.plus(ANSWER));
        if (report.isEmpty()) {
            throw new IOException("it has died");
        }
        return WorkReport.decoded(report);
    }

    static String ask(SocketFiles files, String line) throws IOException {
        return ask(files, line, ANSWER);
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
