package io.gocacheserver.tracing;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.EmbeddedS3;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.TestObject;
import io.micrometer.tracing.Tracer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.s3.S3Client;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
        String[] settings =
                RunningService.s3Properties(
                        s3.endpoint(),
                        "management.opentelemetry.tracing.export.otlp.endpoint="
                                + collector.url()
                                + "/v1/traces",
                        "management.tracing.sampling.probability=1.0",
                        "management.opentelemetry.tracing.export.schedule-delay=100ms",
                        "cache-server.s3.key-prefix=traced");
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

    private String all() {
        return String.join("", received);
    }
}
