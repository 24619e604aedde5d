package io.gocacheserver.web.tomcat;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestObject;

import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that send a byte now and then, each soon enough for Tomcat. */
class SlowClientTest {

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** The bounds of the service, in a twentieth of the time. */
    static final class Impatience {

        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> impatience() {
            return factory -> factory.addConnectorCustomizers(Impatience::apply);
        }

        private static void apply(Connector connector) {
            SlowClientProtocol protocol = (SlowClientProtocol) connector.getProtocolHandler();
            protocol.setHeaderTimeout(Duration.ofSeconds(1));
            protocol.setRate(new MinimumRate.Terms(1024, Duration.ofSeconds(1)));
        }
    }

    @TempDir private Path directory;
    @AutoClose private RunningService service;

    @BeforeEach
    void start() {
        service =
                RunningService.start(
                        List.of(Impatience.class), directory, "server.tomcat.threads.max=2");
    }

    @Test
    void headersThatNeverEndAreHungUpOn() throws Exception {
        try (RawHttp connection = new RawHttp(service.port())) {
            connection.send("GET / HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
            assertHungUp(connection, "a: b\r\n");
        }
        assertThat(service.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyThatTricklesIsRefusedAndItsThreadIsFreeAgain() throws Exception {
        TestObject object = TestObject.ofSize(10_000);
        try (RawHttp one = trickle(object);
                RawHttp two = trickle(object)) {
            assertHungUp(one, "x");
            assertHungUp(two, "x");
        }
        assertThat(service.put(object)).isEqualTo(204);
    }

    @Test
    void aBodyThatIsSlowAtFirstAndThenQuickIsTaken() throws Exception {
        TestObject object = TestObject.ofSize(10_000);
        try (RawHttp connection = new RawHttp(service.port())) {
            connection.sendHead("PUT " + object.putPath(), "Content-Length: " + object.size());
            connection.send(object.bytes());
            assertThat(connection.receive().status()).isEqualTo(204);
            // The next request on it has its own time.
            connection.sendHead("GET /action/" + object.action());
            assertThat(connection.receive().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT /no-id/no-id",
                "PUT /nowhere/at/all",
                "POST /prefetch",
                "POST /prefetch/used",
                "POST /builds",
                "POST /builds/7/packages",
                "DELETE /"
            })
    void whatIsRefusedOrNoPutMayNotTrickleEither(String line) throws Exception {
        String length =
                line.startsWith("PUT") ? "Content-Length: 10000" : "Transfer-Encoding: chunked";
        String bytes = line.startsWith("PUT") ? "x" : "1\r\nx\r\n";
        try (RawHttp one = new RawHttp(service.port());
                RawHttp two = new RawHttp(service.port())) {
            one.sendHead(line, length, "Content-Type: application/json");
            two.sendHead(line, length, "Content-Type: application/json");
            assertHungUp(one, bytes);
            assertHungUp(two, bytes);
        }
        assertThat(service.get("/").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatIsTakenInDropsEnds(boolean sendfile) throws Exception {
        TestObject object =
                sendfile
                        ? TestObject.ofSize(40 << 20)
                        : TestObject.of("compressible ".repeat(4 << 20)); // decoded for clients
        assertThat(service.put(object)).isEqualTo(204);
        AtomicLong taken = new AtomicLong();
        try (RawHttp connection = new RawHttp(service.port())) {
            connection.sendHead("GET /output/" + object.output());
            await().pollInterval(PAUSE).until(() -> isEnded(connection, taken));
        }
        assertThat(taken.get()).isLessThan(object.size());
        assertThat(service.get("/output/" + object.output()).body()).hasSize(object.size());
    }

    /** Takes 20 bytes; sends two, since a connection that is closed resets the client. */
    private static boolean isEnded(RawHttp connection, AtomicLong taken) {
        try {
            taken.addAndGet(connection.receiveBytes(20).length);
            connection.send(new byte[] {'\r', '\n'});
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private RawHttp trickle(TestObject object) throws IOException {
        return new RawHttp(service.port())
                .sendHead("PUT " + object.putPath(), "Content-Length: " + object.size());
    }

    /** Sends this again and again, until the service closes the connection. */
    private static void assertHungUp(RawHttp connection, String bytes) {
        AtomicBoolean closed = new AtomicBoolean();
        Thread.ofVirtual().start(() -> awaitClose(connection, closed));
        await().pollInterval(PAUSE)
                .until(
                        () -> {
                            sendIfOpen(connection, bytes);
                            return closed.get();
                        });
    }

    private static void awaitClose(RawHttp connection, AtomicBoolean closed) {
        try {
            connection.receiveToEnd();
            closed.set(true);
        } catch (SocketTimeoutException e) {
            // It is still open.
        } catch (IOException e) {
            closed.set(true); // by a reset
        }
    }

    private static void sendIfOpen(RawHttp connection, String bytes) {
        try {
            connection.send(bytes.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // The reader will see why.
        }
    }
}
