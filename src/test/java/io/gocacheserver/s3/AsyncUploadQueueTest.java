package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.Upload;
import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.FakeHttpServer;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** The queue as the service wires it: two uploads at once, three waiting, on an S3 that answers when it is let. */
@ExtendWith(OutputCaptureExtension.class)
class AsyncUploadQueueTest {

    private static final int CONCURRENCY = 2;
    private static final int CAPACITY = 3;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final CacheCounters counters = new CacheCounters();
    private DiskTier disk;
    private FakeHttpServer server;
    private S3Client s3;
    private AnnotationConfigApplicationContext context;
    private AsyncUploadQueue queue;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        disk = TestDisk.open(directory);
        server =
                FakeHttpServer.start(
                        (request, exchange) -> {
                            gate.await();
                            exchange.answer(200, new byte[0]);
                        });
        S3Properties properties =
                S3PropertiesFixture.with(
                        Map.of(
                                "bucket",
                                "bucket",
                                "upload-concurrency",
                                String.valueOf(CONCURRENCY),
                                "upload-queue-capacity",
                                String.valueOf(CAPACITY),
                                "drain-timeout",
                                "5s"));
        s3 = S3Clients.create(server.uri(), "access", "secret", properties);
        context = new AnnotationConfigApplicationContext();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(
                        new MapPropertySource("test", Map.of("cache-server.s3.bucket", "bucket")));
        context.registerBean(DiskTier.class, () -> disk);
        context.registerBean(CacheCounters.class, () -> counters);
        context.registerBean(S3Properties.class, () -> properties);
        context.registerBean(S3Client.class, () -> s3);
        context.register(S3Configuration.class);
        context.refresh();
        queue = context.getBean(AsyncUploadQueue.class);
    }

    @AfterEach
    void stop() throws IOException {
        gate.countDown();
        context.close();
        s3.close();
        server.close();
        disk.close();
    }

    @Test
    void runsSoManyAtOnceLetsSoManyWaitAndDropsTheRest() throws Exception {
        fill();
        offer();
        offer();
        assertThat(queue.statistics()).isEqualTo(new Statistics(CAPACITY, CONCURRENCY, 2));
        assertThat(server.requests()).hasSize(CONCURRENCY);
    }

    @Test
    void whatWasAcceptedIsUploadedOnceS3Answers() throws Exception {
        fill();
        offer();
        gate.countDown();
        await().until(() -> counters.get(CacheCounter.PUT_S3_ACTION) == CONCURRENCY + CAPACITY);
        await().until(() -> queue.statistics().equals(new Statistics(0, 0, 1)));
        assertThat(counters.get(CacheCounter.PUT_S3_ERROR)).isZero();
    }

    @Test
    void aFloodOfDropsIsLoggedOnce(CapturedOutput output) throws Exception {
        fill();
        for (int i = 0; i < 50; i++) {
            offer();
        }
        assertThat(queue.statistics().dropped()).isEqualTo(50);
        assertThat(output.toString().split("the upload queue is full", -1)).hasSize(2);
    }

    @Test
    void neverUsesMoreThreadsThanItMay() throws Exception {
        gate.countDown();
        Set<Integer> running = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            offer();
            running.add(queue.statistics().running());
            await().until(() -> queue.statistics().queued() < CAPACITY);
        }
        assertThat(running).allMatch(count -> count <= CONCURRENCY);
        await().until(() -> counters.get(CacheCounter.PUT_S3_ACTION) == 20);
    }

    @Test
    void closingWaitsForWhatWasAccepted() throws Exception {
        fill();
        Thread closing = Thread.ofPlatform().start(context::close);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        gate.countDown();
        closing.join(Duration.ofSeconds(10));
        assertThat(closing.isAlive()).isFalse();
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isEqualTo(CONCURRENCY + CAPACITY);
    }

    @Test
    void afterClosingEveryOfferIsDroppedAndNoneFails() throws Exception {
        Upload late = stored();
        gate.countDown();
        offer();
        context.close();
        queue.offer(late);
        assertThat(queue.statistics().dropped()).isEqualTo(1);
    }

    /** Exactly as many as can run and wait. */
    private void fill() throws Exception {
        for (int i = 0; i < CONCURRENCY; i++) {
            offer();
        }
        await().until(() -> server.requests().size() == CONCURRENCY);
        for (int i = 0; i < CAPACITY; i++) {
            offer();
        }
    }

    private void offer() throws Exception {
        queue.offer(stored());
    }

    private Upload stored() throws Exception {
        TestObject object = TestObject.ofSize(100);
        Entry entry = new Entry(object.action(), object.output(), object.size(), Instant.EPOCH);
        disk.put(entry, object.stream());
        return new Upload(entry, object.md5());
    }
}
