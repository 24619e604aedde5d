package io.gocacheserver.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

class UnixSocketTest {

    private static final Timeouts IMPATIENT =
            new Timeouts(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(600));

    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init")
    @AutoClose
    private ServerSocketChannel listener;

    @BeforeEach
    void listen() throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket()));
    }

    @Test
    void asksAServiceBehindAUnixSocket() throws Exception {
        StringBuilder head = new StringBuilder();
        Thread server = Thread.ofVirtual().start(() -> answerOnce(head, true));
        byte[] large = new byte[3_000_000];
        try (HttpClient client = client();
                HttpResponse response =
                        client.send(
                                HttpRequest.put("/a/b", new Headers(), RequestBody.of(large)))) {
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.read(new byte[10])).isEqualTo(2);
        }
        server.join();
        assertThat(head)
                .startsWith("PUT /a/b HTTP/1.1\r\n")
                .contains("\r\nHost: localhost\r\n")
                .hasSizeGreaterThan(large.length);
    }

    @Test
    void doesNotWaitForEverForASilentService() throws Exception {
        Thread server = Thread.ofVirtual().start(() -> answerOnce(new StringBuilder(), false));
        try (HttpClient client = client()) {
            assertThatIOException()
                    .isThrownBy(() -> client.send(HttpRequest.get("/", new Headers())))
                    .withMessage("no byte for 300 ms");
        }
        server.join();
    }

    @Test
    void doesNotWaitForEverForAServiceThatTakesNothing() throws IOException {
        try (HttpClient client = client()) {
            HttpRequest request =
                    HttpRequest.put("/", new Headers(), RequestBody.of(new byte[1_000_000]));
            assertThatIOException().isThrownBy(() -> client.send(request));
        }
    }

    @Test
    void namesASocketThatIsNotThere() throws IOException {
        listener.close();
        Files.delete(socket());
        try (HttpClient client = client()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.send(HttpRequest.get("/", new Headers())))
                    .withMessageContaining(socket().toString());
        }
    }

    /** Reads until the client pauses or goes, and answers if it should. */
    private void answerOnce(StringBuilder head, boolean answer) {
        try (SocketChannel channel = listener.accept()) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (channel.read(buffer.clear()) >= 0) {
                head.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
                if (answer && isComplete(head)) {
                    String ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                    channel.write(ByteBuffer.wrap(ok.getBytes(StandardCharsets.US_ASCII)));
                }
            }
        } catch (IOException e) {
            // The test will see.
        }
    }

    private static boolean isComplete(StringBuilder request) {
        int body = request.indexOf("\r\n\r\n");
        return body >= 0 && request.length() == body + 4 + 3_000_000;
    }

    private HttpClient client() {
        ServiceUrl url = ServiceUrl.parse("unix://" + socket());
        return new HttpClient(url, IMPATIENT, 4, System::nanoTime);
    }

    private Path socket() {
        return directory.resolve("cache.sock");
    }
}
