package io.gocacheserver.operations;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.FakeS3;
import io.gocacheserver.testsupport.FakeS3.Manner;
import io.gocacheserver.testsupport.Opened;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/** The service on an S3 that is in trouble: what an operator sees of it, and what clients do. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads what this process prints")
class S3TroubleTest {

    private static final int CLIENTS = 300;
    private static final int REQUESTS = 3;

    private static final FakeS3 S3 = new FakeS3();

    @AutoClose private static final Opened OPENED = new Opened();

    private static ScriptedServer server;
    private static RunningService service;

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        server = OPENED.add(new ScriptedServer(S3));
        service = OPENED.add(serviceOn(directory, "cache-server.s3.read-timeout=4s"));
        // It tries its bucket behind its start, which the tests' manners are not to meet.
        await().until(() -> !S3.keys().isEmpty());
    }

    @Test
    void aWrongSettingIsOneWarningAtTheStartAndInHealthAtOnce(
            @TempDir Path directory, CapturedOutput output) throws Exception {
        S3.behave(Manner.WRONG_SECRET);
        try (RunningService wrong = serviceOn(directory)) {
            JsonNode health = wrong.json("/actuator/health").at("/components/s3");
            assertThat(health.at("/status").asString()).isEqualTo("DOWN");
            assertThat(health.at("/details/cause").asString()).isEqualTo("settings");
            assertThat(health.at("/details/error").asString()).contains("the secret key is not");
            await().until(() -> output.toString().contains("the secret key is not"));
        }
        assertThat(output.toString().lines())
                .filteredOn(line -> line.contains("WARN") && line.contains(server.url()))
                .singleElement()
                .asString()
                .contains("[s3] the bucket bucket at ")
                .contains("correct spring.cloud.aws.credentials.access-key");
    }

    @Test
    void anOutageAtTheStartIsSaidAsOne(@TempDir Path directory, CapturedOutput output)
            throws Exception {
        S3.behave(Manner.FAILS);
        try (RunningService other = serviceOn(directory)) {
            JsonNode health = other.json("/actuator/health").at("/components/s3");
            assertThat(health.at("/details/cause").asString()).isEqualTo("outage");
            await().until(() -> output.toString().contains("does not work"));
        }
    }

    @Test
    void healthIsDownWhileEveryUploadFailsThoughReadsWork() throws Exception {
        S3.behave();
        await().until(() -> !S3.keys().isEmpty());
        // Another test may have left S3 in trouble.
        await().until(() -> s3Health().at("/status").asString().equals("UP"));
        S3.behave(Manner.DENIES_PUTS);
        for (int i = 0; i < 3; i++) {
            assertThat(service.put(TestObject.ofSize(100))).isEqualTo(204);
        }
        await().until(() -> s3Health().at("/status").asString().equals("DOWN"));
        assertThat(s3Health().at("/details/cause").asString()).isEqualTo("uploads");
        assertThat(s3Health().at("/details/error").asString()).startsWith("every upload fails: ");
        // Another test may have left the reads' circuit breaker open.
        await().until(
                        () ->
                                service.get("/action/" + TestValues.action("unknown")).statusCode()
                                        == 404);
        S3.behave();
        await().until(() -> s3Health().at("/status").asString().equals("UP"));
    }

    @Test
    void whileS3HangsWhatTheDiskHasIsAnsweredAtOnceAndTheRestIsAnErrorThatSaysWhenToComeBack()
            throws Exception {
        S3.behave();
        TestObject object = TestObject.ofSize(1000);
        service.put(object);
        S3.behave(Manner.HANGS);
        CountDownLatch begun = new CountDownLatch(CLIENTS / 2);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<List<HttpResponse<byte[]>>>> missing =
                    executor.submit(() -> Concurrently.run(CLIENTS, i -> () -> miss(begun)));
            begun.await();
            Duration longest = Duration.ZERO;
            int answered = 0;
            for (; answered < 100 && !missing.isDone(); answered++) {
                long start = System.nanoTime();
                assertThat(service.get("/action/" + object.action()).statusCode()).isEqualTo(200);
                Duration taken = Duration.ofNanos(System.nanoTime() - start);
                longest = taken.compareTo(longest) > 0 ? taken : longest;
            }
            assertThat(answered).as("while others waited for S3").isPositive();
            assertThat(longest).isLessThan(Duration.ofSeconds(3));
            List<HttpResponse<byte[]>> answers =
                    missing.get().stream().flatMap(List::stream).toList();
            assertThat(answers).allMatch(answer -> answer.statusCode() == 502);
            assertThat(answers)
                    .filteredOn(answer -> answer.headers().firstValue("Retry-After").isPresent())
                    .hasSizeGreaterThan(CLIENTS);
        }
        theStatusCountsAsPrometheusDoes();
    }

    /** Gets that failed count against the hit rate. */
    private static void theStatusCountsAsPrometheusDoes() throws Exception {
        JsonNode requests = service.json("/status.json").at("/requests");
        String scraped = service.text("/actuator/prometheus");
        String get = "gocache_requests_seconds_count\\{operation=\"get\",";
        long hits = sum(scraped, "get_local_hit_total") + sum(scraped, "get_fault_hit_total");
        assertThat(requests.at("/hits").asLong()).isEqualTo(hits);
        assertThat(requests.at("/misses").asLong()).isEqualTo(sum(scraped, "get_fault_miss_total"));
        assertThat(requests.at("/failures").asLong())
                .isEqualTo(sum(scraped, get + "outcome=\"error\".*}"))
                .isGreaterThanOrEqualTo(CLIENTS * REQUESTS);
        long gets = sum(scraped, get + ".*}");
        assertThat(requests.at("/gets").asLong()).isEqualTo(gets);
        assertThat(requests.at("/hitRate").asDouble())
                .isCloseTo((double) hits / gets, within(0.0001));
    }

    private static long sum(String scraped, String series) {
        return Pattern.compile("(?m)^" + series + " (\\S+)$")
                .matcher(scraped)
                .results()
                .mapToLong(line -> (long) Double.parseDouble(line.group(1)))
                .sum();
    }

    private static List<HttpResponse<byte[]>> miss(CountDownLatch begun) throws Exception {
        List<HttpResponse<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            begun.countDown();
            answers.add(service.get("/action/" + TestObject.ofSize(1).action()));
        }
        return answers;
    }

    private static JsonNode s3Health() throws Exception {
        return service.json("/actuator/health").at("/components/s3");
    }

    private static RunningService serviceOn(Path directory, String... more) {
        return RunningService.start(
                directory, RunningService.s3Properties(URI.create(server.url()), more));
    }
}
