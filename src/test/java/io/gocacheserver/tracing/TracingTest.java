package io.gocacheserver.tracing;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.EmbeddedS3;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.TestObject;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.trace.samplers.Sampler;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.s3.S3Client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Spans, as somebody gets them to whom they are sent by OTLP over HTTP. */
class TracingTest {

    private final List<String> received = new CopyOnWriteArrayList<>();
    @AutoClose private ScriptedServer collector;
    @AutoClose private EmbeddedS3 s3;

    @BeforeEach
    void start() throws Exception {
        s3 = EmbeddedS3.start();
        collector =
                new ScriptedServer(
                        exchange -> {
                            // Protocol buffers: texts are in it as they are.
                            byte[] body = exchange.request().body();
                            received.add(new String(body, StandardCharsets.ISO_8859_1));
                            exchange.answer(200, new byte[0]);
                        });
    }

    @Test
    void requestsTiersAndS3CallsAreSpans(@TempDir Path first, @TempDir Path second)
            throws Exception {
        TestObject object = TestObject.ofSize(100);
        String[] settings = RunningService.s3Properties(s3.endpoint(), traced("1.0"));
        try (RunningService service = RunningService.start(first, settings)) {
            service.context()
                    .getBean(S3Client.class)
                    .createBucket(request -> request.bucket("bucket"));
            assertThat(service.put(object)).isEqualTo(204);
            await().untilAsserted(
                            () ->
                                    assertThat(all())
                                            .contains("http put")
                                            .contains("disk put")
                                            .contains("s3 putObject")
                                            .contains("S3 PutObject")
                                            .contains("s3 putAction")
                                            .contains(object.action().hex())
                                            .contains(object.output().hex()));
        }
        received.clear();
        try (RunningService service = RunningService.start(second, settings)) {
            assertThat(service.get("/action/" + object.action()).statusCode()).isEqualTo(200);
            await().untilAsserted(
                            () ->
                                    assertThat(all())
                                            .contains("disk get")
                                            .contains("s3 get")
                                            .contains("S3 GetObject")
                                            .contains("traced/action/")
                                            .contains("disk fill")
                                            .contains("go-cache-server"));
        }
    }

    @Test
    void aBuildIsTheSpanAboveItsRequests(@TempDir Path directory) throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String session = "00f067aa0ba902b7";
        String traceparent = "00-" + trace + "-" + session + "-00";
        try (RunningService service = RunningService.start(directory, traced("1.0"))) {
            TestObject object = TestObject.ofSize(100);
            HttpRequest get =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:%d/action/%s"
                                                    .formatted(service.port(), object.action())))
                            .header("traceparent", traceparent)
                            .build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                client.send(get, HttpResponse.BodyHandlers.discarding());
            }
            service.post("/builds", report(traceparent));
            service.post("/builds", report("00-" + "0".repeat(32) + "-1-00"));
            await().untilAsserted(
                            () ->
                                    assertThat(all())
                                            .contains("http get")
                                            .contains("go vet")
                                            .contains("gocache.gets.service_hit")
                                            .contains("example.com/traced"));
            String spanOfBuild = "\n\20" + bytes(trace) + "\22\b" + bytes(session);
            String requestOfBuild = "\"\b" + bytes(session);
            assertThat(all()).as("trace ID and span ID").containsOnlyOnce(spanOfBuild);
            assertThat(all()).as("parent ID").containsOnlyOnce(requestOfBuild);
            assertThat(all()).containsOnlyOnce("go vet");
        }
    }

    @Test
    void whatAClientWantsToBeSampledIsNoMatter(@TempDir Path directory) throws Exception {
        try (RunningService service = RunningService.start(directory, traced("0.0"))) {
            String sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            service.post("/builds", report(sampled));
            Sampler sampler = service.context().getBean(Sampler.class);
            assertThat(sampler).isEqualTo(Sampler.traceIdRatioBased(0));
        }
        assertThat(received).isEmpty();
    }

    private static byte[] report(String traceparent) {
        return """
               {"module":"example.com/traced","command":"go vet","serviceHits":7,"durationMillis":900,"trace":"%s"}
               """
                .formatted(traceparent)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String bytes(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    @Test
    void withoutAnEndpointThereIsNothingOfIt(@TempDir Path directory) throws Exception {
        try (RunningService service = RunningService.start(directory)) {
            TestObject object = TestObject.ofSize(100);
            assertThat(service.put(object)).isEqualTo(204);
            assertThat(service.context().getBeanNamesForType(Tracer.class)).isEmpty();
            assertThat(service.context().getBeanNamesForType(TracedTiers.class)).isEmpty();
            assertThat(service.context().containsBean("tracedRequests")).isFalse();
            assertThat(service.text("/actuator/prometheus")).doesNotContain("http_server_requests");
        }
        assertThat(received).isEmpty();
    }

    private String[] traced(String probability) {
        return new String[] {
            "management.opentelemetry.tracing.export.otlp.endpoint="
                    + collector.url()
                    + "/v1/traces",
            "management.tracing.sampling.probability=" + probability,
            "management.opentelemetry.tracing.export.schedule-delay=100ms",
            "cache-server.s3.key-prefix=traced"
        };
    }

    private String all() {
        return String.join("", received);
    }
}
