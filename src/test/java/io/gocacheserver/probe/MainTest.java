package io.gocacheserver.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.wire.WireHeaders;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicReference<String> authorization = new AtomicReference<>("");
    private HttpServer other;

    @BeforeEach
    void startAnotherServer() throws IOException {
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.start();
    }

    @AfterEach
    void stopIt() {
        other.stop(0);
    }

    @Test
    void aReadyServiceIsWellAndStoresWhatIsPut(@TempDir Path directory) throws Exception {
        try (RunningService service = RunningService.start(directory)) {
            String port = Integer.toString(service.port());
            assertThat(run(Map.of("SERVER_PORT", port), "health")).isZero();
            assertThat(said()).contains("/actuator/health/readiness answers 200");
            assertThat(run(Map.of(), "put-get", "http://127.0.0.1:" + port + "/")).isZero();
            assertThat(said()).contains("put and got the same object");
            assertThat(service.text("/actuator/expvar")).contains("\"get_local_hit\":1");
        }
    }

    @Test
    void aServiceThatIsNotReadyIsNotWell() throws Exception {
        answer(503, "", "");
        assertThat(run(Map.of(), "health", url() + "/ready")).isEqualTo(1);
        assertThat(said()).contains("answers 503");
    }

    @Test
    void theManagementPortIsAskedWhereThereIsOne() throws Exception {
        answer(200, "", "");
        String port = Integer.toString(other.getAddress().getPort());
        assertThat(run(Map.of("MANAGEMENT_SERVER_PORT", port, "SERVER_PORT", "1"), "health"))
                .isZero();
    }

    @Test
    void aServiceThatIsNotThereIsNotWell() throws Exception {
        String url = url();
        other.stop(0);
        assertThat(run(Map.of(), "health", url)).isEqualTo(1);
        assertThat(run(Map.of(), "put-get", url)).isEqualTo(1);
        assertThat(said()).contains("failed: java.net.ConnectException");
    }

    @Test
    void aRefusedPutIsToldWithItsReason() throws Exception {
        answer(401, "unauthorized", "");
        assertThat(run(Map.of("CACHESERVER_TOKEN", "secret"), "put-get", url())).isEqualTo(1);
        assertThat(said())
                .contains("the put was answered with 401: unauthorized")
                .doesNotContain("secret");
        assertThat(authorization).hasValue("Bearer secret");
    }

    @Test
    void anotherObjectThanWasPutIsNotWell() throws Exception {
        answer(200, "something else", "0123456789");
        assertThat(run(Map.of(), "put-get", url())).isEqualTo(1);
        assertThat(said()).contains("did not bring what was put");
    }

    @Test
    void argumentsThatMakeNoSenseAreWrongUsage() throws Exception {
        assertThat(run(Map.of())).isEqualTo(2);
        assertThat(run(Map.of(), "get", url())).isEqualTo(2);
        assertThat(said()).contains("usage: ");
    }

    /** Every Get is answered with this, and every Put with 204, or with the same status if that is an error. */
    private void answer(int status, String body, String outputId) {
        other.createContext(
                "/",
                exchange -> {
                    String given = exchange.getRequestHeaders().getFirst("Authorization");
                    authorization.set(given == null ? "" : given);
                    exchange.getRequestBody().readAllBytes();
                    exchange.getResponseHeaders().set(WireHeaders.OUTPUT_ID, outputId);
                    if (exchange.getRequestMethod().equals("PUT") && status < 400) {
                        exchange.sendResponseHeaders(204, -1);
                    } else {
                        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                        exchange.getResponseBody().write(bytes);
                    }
                    exchange.close();
                });
    }

    private String url() {
        return "http://127.0.0.1:" + other.getAddress().getPort();
    }

    private int run(Map<String, String> environment, String... args) throws InterruptedException {
        return new Main(environment, new PrintStream(out, true, StandardCharsets.UTF_8))
                .run(List.of(args));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
