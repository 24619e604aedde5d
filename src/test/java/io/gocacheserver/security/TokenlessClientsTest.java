package io.gocacheserver.security;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.RunningService;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients without a token that keep on sending, in a service with few threads and connections. */
class TokenlessClientsTest {

    private static final int MANY = 30;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** A connection is to be closed one second after its answer; a machine that is busy may take longer. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final String TOKEN = "read-0123456789abcdef";

    @TempDir private Path directory;
    @AutoClose private RunningService service;
    private final List<RawHttp> connections = new ArrayList<>();

    @BeforeEach
    void start() {
        service =
                RunningService.start(
                        directory,
                        "cache-server.auth.tokens[0].name=reader",
                        "cache-server.auth.tokens[0].secret=" + TOKEN,
                        "cache-server.auth.tokens[0].access=read",
                        "server.tomcat.threads.max=2",
                        "server.tomcat.max-connections=40");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT /aaaa/bbbb",
                "POST /prefetch",
                "POST /prefetch/used",
                "POST /builds",
                "POST /builds/7/packages",
                "POST /auth/exchange-token",
                "GET /",
                "GET /openapi.yaml",
                "GET /actuator/health/liveness",
                "GET /action/aaaa",
                "DELETE /"
            })
    void bodiesThatNeverEndAreAnsweredAndHungUpOn(String request) throws Exception {
        for (String length : List.of("Content-Length: 60000", "Transfer-Encoding: chunked")) {
            String bytes = length.startsWith("C") ? "x" : "1\r\nx\r\n";
            AtomicInteger open = new AtomicInteger(MANY / 2);
            ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < MANY / 2; i++) {
                RawHttp connection = connect();
                connection.sendHead(request, length, "Content-Type: application/json");
                Thread.ofVirtual().start(() -> receiveAll(connection, statuses, open));
            }
            await().atMost(SOON)
                    .pollInterval(PAUSE)
                    .until(
                            () -> {
                                sendToAll(bytes);
                                assertAlive();
                                return open.get() == 0;
                            });
            closeAll();
            assertThat(statuses).as(length).hasSize(MANY / 2);
        }
    }

    @Test
    void headersThatNeverEndTakeNobodysPlace() throws Exception {
        for (int i = 0; i < 3 * MANY; i++) {
            connect().send("GET / HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        for (int i = 0; i < 10; i++) {
            sendToAll("a: b\r\n");
            assertAlive();
        }
        closeAll();
    }

    @Test
    void aRefusedBodyThatHasComeLeavesTheConnectionOpen() throws Exception {
        try (RawHttp connection = new RawHttp(service.port())) {
            byte[] request =
                    "PUT /aaaa/bbbb HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                            .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 3; i++) {
                RawHttp.Response response = connection.send(request).receive();
                assertThat(response.status()).isEqualTo(401);
                assertThat(response.headers()).doesNotContainEntry("connection", "close");
            }
        }
    }

    @Test
    void aRefusedBodyThatIsStillComingGetsItsAnswer() throws Exception {
        byte[] much = new byte[20_000_000];
        try (RawHttp connection = new RawHttp(service.port())) {
            connection.sendHead("PUT /aaaa/bbbb", "Content-Length: " + much.length).send(much);
            RawHttp.Response response = connection.receive();
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.headers()).containsEntry("connection", "close");
            assertThat(connection.receiveToEnd()).isEmpty();
        }
    }

    /** On a connection of its own, as a probe's is. */
    private void assertAlive() throws IOException {
        try (RawHttp probe = new RawHttp(service.port())) {
            probe.sendHead("GET /actuator/health/liveness", "Connection: close");
            assertThat(probe.receive().status()).isEqualTo(200);
        }
    }

    private RawHttp connect() throws IOException {
        RawHttp connection = new RawHttp(service.port());
        connections.add(connection);
        return connection;
    }

    private void sendToAll(String bytes) {
        for (RawHttp connection : connections) {
            try {
                connection.send(bytes.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // closed, which the reader sees
            }
        }
    }

    private void closeAll() throws IOException {
        for (RawHttp connection : connections) {
            connection.close();
        }
        connections.clear();
    }

    private static void receiveAll(
            RawHttp connection, ConcurrentLinkedQueue<Integer> statuses, AtomicInteger open) {
        try {
            statuses.add(connection.receive().status());
            connection.receiveToEnd();
        } catch (IOException e) {
            // reset after its answer
        } finally {
            open.decrementAndGet();
        }
    }
}
