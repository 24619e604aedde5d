package io.gocacheserver.operations;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The service with an S3 that refuses, as an operator sees it. */
class ActuatorTest {

    private static Path disk;
    @AutoClose private static RunningService service;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        disk = directory;
        service =
                RunningService.start(
                        directory, RunningService.s3Properties(URI.create("http://127.0.0.1:1")));
        TestObject object = TestObject.ofSize(10_000);
        assertThat(service.put(object)).isEqualTo(204);
        assertThat(service.get("/action/" + object.action()).statusCode()).isEqualTo(200);
        // What is told of the disk is kept for a moment, and was first looked at when it was empty.
        await().until(
                        () ->
                                service.text("/actuator/prometheus")
                                        .contains("\ngocache_disk_actions 1.0"));
    }

    @Test
    void livenessIsUp() throws Exception {
        assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    @Test
    void s3DownIsShownAndDoesNotTakeReadinessAway() throws Exception {
        JsonNode s3 = service.json("/actuator/health").at("/components/s3");
        assertThat(s3.at("/status").asString()).isEqualTo("DOWN");
        assertThat(s3.at("/details/error").asString()).startsWith("[s3] ");
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(service.json("/actuator/health/readiness").at("/components/s3").isMissingNode())
                .isTrue();
    }

    @Test
    void anS3ThatIsDownMakesAMissABadGateway() throws Exception {
        var response = service.get("/action/" + TestObject.ofSize(1).action());
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
    }

    @Test
    void aDiskThatCannotBeWrittenIsShownAndGetsGoOn(@TempDir Path directory) throws Exception {
        try (RunningService broken = RunningService.start(directory)) {
            TestObject before = TestObject.ofSize(100_000);
            assertThat(broken.put(before)).isEqualTo(204);
            Files.delete(directory.resolve("tmp"));
            Files.writeString(directory.resolve("tmp"), "in the way");
            await().until(() -> broken.get("/actuator/health").statusCode() == 503);
            assertThat(broken.json("/actuator/health").at("/components/disk/status").asString())
                    .isEqualTo("DEGRADED");
            assertThat(broken.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(broken.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(
                            broken.json("/actuator/health")
                                    .at("/components/disk/details/error")
                                    .asString())
                    .contains("cannot be written");
            assertThat(broken.json("/actuator/health").at("/components/s3").isMissingNode())
                    .isTrue();
            assertThat(broken.put(TestObject.ofSize(100_000))).isEqualTo(507);
            assertThat(broken.get("/output/" + before.output()).body()).isEqualTo(before.bytes());
        }
    }

    @Test
    void expvarHasExactlyTheEightCounters() throws Exception {
        JsonNode counters = service.json("/actuator/expvar");
        assertThat(counters.propertyNames())
                .containsExactlyInAnyOrder(
                        "get_local_hit",
                        "get_fault_hit",
                        "get_fault_miss",
                        "put_skip_small",
                        "put_s3_found",
                        "put_s3_action",
                        "put_s3_object",
                        "put_s3_error");
        assertThat(counters.get("get_local_hit").asLong()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get_local_hit_total",
                "get_fault_hit_total",
                "get_fault_miss_total",
                "put_skip_small_total",
                "put_s3_found_total",
                "put_s3_action_total",
                "put_s3_object_total",
                "put_s3_error_total",
                "gocache_requests_seconds_count{operation=\"get\",outcome=\"hit\",tier=\"disk\"}",
                "gocache_requests_seconds_count{operation=\"put\",outcome=\"stored\",tier=\"none\"}",
                "gocache_traffic_bytes_total{direction=\"in\"} 10000.0",
                "gocache_traffic_bytes_total{direction=\"out\"}",
                "gocache_disk_actions 1.0",
                "gocache_disk_objects 1.0",
                "gocache_disk_bytes 10000.0",
                "gocache_traffic_saved_bytes_total",
                "gocache_disk_state{state=\"working\"} 1.0",
                "gocache_disk_state{state=\"full\"} 0.0",
                "gocache_disk_stored_bytes",
                "gocache_disk_directory_bytes",
                "gocache_disk_limit_bytes",
                "gocache_disk_index_bytes",
                "gocache_disk_volume_free_bytes",
                "gocache_disk_oldest_idle_seconds",
                "gocache_disk_evicted_actions_total{reason=\"size\"}",
                "gocache_disk_evicted_objects_total{reason=\"age\"}",
                "gocache_disk_evicted_bytes_total{reason=\"volume\"}",
                "gocache_disk_corruptions_total{found_by=\"scrub\"}",
                "gocache_scrub_running",
                "gocache_scrub_progress",
                "gocache_scrub_objects_total",
                "gocache_scrub_bytes_total",
                "gocache_scrub_completed_age_seconds",
                "gocache_uploads_queued",
                "gocache_uploads_running",
                "gocache_uploads_oldest_seconds",
                "gocache_uploads_paused",
                "gocache_uploads_dropped_total",
                "gocache_uploads_resumed_total",
                "gocache_uploads_retried_total",
                "gocache_uploads_given_up_total{reason=\"exhausted\"}",
                "gocache_uploads_given_up_total{reason=\"expired\"}",
                "gocache_uploads_given_up_total{reason=\"lost\"}"
            })
    void prometheusHasTheMeter(String meter) throws Exception {
        assertThat(service.text("/actuator/prometheus")).contains("\n" + meter);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"get_local_hit", "put_s3_error", "gocache.requests", "gocache.disk.bytes"})
    void metricsNameTheMeter(String meter) throws Exception {
        JsonNode metric = service.json("/actuator/metrics/" + meter);
        assertThat(metric.at("/name").asString()).isEqualTo(meter);
        assertThat(metric.at("/description").asString()).isNotBlank();
    }

    @Test
    void theOverviewHasTheUploadsAndTheTraffic() throws Exception {
        JsonNode overview = service.json("/actuator/gocache");
        assertThat(overview.at("/state").asString()).isEqualTo("working");
        assertThat(overview.at("/uploads").propertyNames()).contains("queued", "oldest", "givenUp");
        assertThat(overview.at("/traffic/in/bytes").asLong()).isEqualTo(10_000);
    }

    @Test
    void theDiskIsWhereItWasConfigured() {
        assertThat(disk.resolve("index.db")).exists();
    }

    @Test
    void infoNamesTheBuild() throws Exception {
        assertThat(service.get("/actuator/info").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "beans", "heapdump", "shutdown", "configprops"})
    void nothingThatTellsSecretsIsExposed(String endpoint) throws Exception {
        assertThat(service.get("/actuator/" + endpoint).statusCode()).isEqualTo(404);
    }
}
