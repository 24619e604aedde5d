package io.gocacheserver.adapter.http;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;
import io.gocacheserver.adapter.testing.DrippingRelay;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.testsupport.TestCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Servers that never end, in each part of an answer: a request is over in time all the same, and its connection too. */
class UntrustedServerTest {

    private static final Duration PATIENCE = Duration.ofMillis(250);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** What comes first, and what comes again and again. */
    enum Fault {
        HEAD_DRIPS("HTTP/1.1 200 OK\r\nX: ", "x", true),
        HEAD_NEVER_ENDS("HTTP/1.1 200 OK\r\n", "X: y\r\n", false),
        LINE_NEVER_ENDS("HTTP/1.1 200 OK\r\nX: ", "x".repeat(4096), false),
        INTERIM_ANSWERS_DRIP("", "HTTP/1.1 103 Early\r\n\r\n", true),
        INTERIM_ANSWERS_NEVER_END("", "HTTP/1.1 103 Early\r\n\r\n", false),
        BODY_DRIPS("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n", "x", true),
        PROBLEM_DRIPS("HTTP/1.1 404 No\r\nContent-Length: 60000\r\n\r\n", "x", true),
        BODY_WITHOUT_LENGTH_DRIPS("HTTP/1.1 200 OK\r\n\r\n", "x", true),
        CHUNK_SIZE_DRIPS(CHUNKED, "0", true),
        CHUNK_EXTENSION_NEVER_ENDS(CHUNKED + "5;", "x".repeat(512), false),
        CHUNK_DRIPS(CHUNKED + "fffffff\r\n", "x", true),
        CHUNKS_DRIP(CHUNKED, "1\r\nx\r\n", true),
        TRAILERS_DRIP(CHUNKED + "0\r\n", "X: y\r\n", true),
        TRAILERS_NEVER_END(CHUNKED + "0\r\n", "X: y\r\n", false);

        private final String start;
        private final String then;
        private final boolean slow;

        Fault(String start, String then, boolean slow) {
            this.start = start;
            this.then = then;
            this.slow = slow;
        }

        void answer(Exchange exchange) throws IOException {
            exchange.send(start);
            while (true) {
                exchange.send(then);
                if (slow) {
                    exchange.pause(20);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestEndsInTime(Fault fault) throws IOException {
        try (ScriptedServer server = new ScriptedServer(fault::answer);
                HttpClient client = client(server.url(), TlsFiles.NONE, PATIENCE)) {
            assertThatIOException().isThrownBy(() -> readAll(client));
            await().atMost(LIMIT).until(() -> server.openConnections() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatNobodyReadsIsClosedAtOnce(Fault fault) throws IOException {
        try (ScriptedServer server = new ScriptedServer(fault::answer);
                HttpClient client = client(server.url(), TlsFiles.NONE, PATIENCE)) {
            long start = System.nanoTime();
            try {
                client.send(HttpRequest.get("/", new Headers()), Duration.ofHours(1)).close();
            } catch (IOException e) {
                // The head alone was too much.
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
            await().atMost(LIMIT).until(() -> server.openConnections() == 0);
        }
    }

    /** A drip below TLS: bytes come all the time, and yet no read ends. */
    @Test
    void aRequestEndsInTimeThoughATlsRecordDrips(@TempDir Path directory) throws Exception {
        TestCertificate certificate =
                new TestCertificate(directory, "here", "-ext", "san=ip:127.0.0.1");
        String body = "x".repeat(10_000);
        try (DrippingRelay relay = new DrippingRelay();
                ScriptedServer server =
                        new ScriptedServer(
                                exchange -> {
                                    relay.drip();
                                    exchange.send(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"
                                                    + body);
                                },
                                certificate.listen())) {
            relay.to(server.port());
            TlsFiles files = new TlsFiles(null, certificate.caFile(), null, null);
            String url = "https://127.0.0.1:" + relay.port();
            try (HttpClient client = client(url, files, Duration.ofMillis(1500))) {
                assertThatIOException().isThrownBy(() -> readAll(client));
            }
        }
    }

    private static HttpClient client(String url, TlsFiles files, Duration patience) {
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), patience);
        return new HttpClient(
                ServiceUrl.parse(url),
                new Route(null, files),
                timeouts,
                1,
                Authorization.NONE,
                System::nanoTime);
    }

    /** Reads for as long as bytes come fast enough. */
    private static void readAll(HttpClient client) throws IOException {
        long start = System.nanoTime();
        Duration hour = Duration.ofHours(1);
        try (HttpResponse response = client.send(HttpRequest.get("/", new Headers()), hour, hour)) {
            byte[] buffer = new byte[1000];
            int count = response.read(buffer);
            while (count >= 0) {
                count = response.read(buffer);
            }
        } finally {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
        }
    }
}
