package io.gocacheserver.probe;

import static io.gocacheserver.testsupport.TestValues.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.ScriptedServer.Script;
import io.gocacheserver.wire.WireHeaders;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicReference<String> authorization = new AtomicReference<>("");
    private volatile Script script = exchange -> exchange.answer(404, new byte[0]);
    @AutoClose private ScriptedServer other;

    @BeforeEach
    void startAnotherServer() throws IOException {
        other = new ScriptedServer(exchange -> script.answer(exchange));
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
        String port = Integer.toString(other.port());
        assertThat(run(Map.of("MANAGEMENT_SERVER_PORT", port, "SERVER_PORT", "1"), "health"))
                .isZero();
    }

    @Test
    void aServiceThatIsNotThereIsNotWell() throws Exception {
        String url = url();
        other.close();
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
        script =
                exchange -> {
                    authorization.set(
                            exchange.request().headers().getOrDefault("authorization", ""));
                    boolean stored = exchange.request().method().equals("PUT") && status < 400;
                    exchange.answer(
                            stored ? 204 : status,
                            bytes(stored ? "" : body),
                            WireHeaders.OUTPUT_ID + ": " + outputId);
                };
    }

    private String url() {
        return other.url();
    }

    private int run(Map<String, String> environment, String... args) throws InterruptedException {
        return new Main(environment, new PrintStream(out, true, StandardCharsets.UTF_8))
                .run(List.of(args));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
