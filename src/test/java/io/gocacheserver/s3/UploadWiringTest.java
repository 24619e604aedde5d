package io.gocacheserver.s3;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.InMemoryLocalTier;
import io.gocacheserver.cache.tier.PendingUploads;
import io.gocacheserver.model.Entry;
import io.gocacheserver.s3.uploads.UploadDispatcher;
import io.gocacheserver.testsupport.Opened;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The queue as the service wires it: two uploads at once, on an S3 that answers when it is let. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads what this process prints")
class UploadWiringTest {

    private static final int CONCURRENCY = 2;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final CacheCounters counters = new CacheCounters();
    private final InMemoryLocalTier local = new InMemoryLocalTier();
    @AutoClose private final Opened opened = new Opened();
    private ScriptedServer server;
    private S3Client s3;
    private AnnotationConfigApplicationContext context;

    @BeforeEach
    void start() throws IOException {
        local.uploads().now = Instant.now();
        server =
                opened.add(
                        new ScriptedServer(
                                exchange -> {
                                    gate.await();
                                    exchange.answer(200, new byte[0]);
                                }));
        open("20s");
        opened.add(this::close);
        opened.add(gate::countDown);
    }

    @Test
    void uploadsSoManyAtOnceOnTheBoundedExecutor() throws Exception {
        put(20);
        await().until(() -> server.requests().size() == CONCURRENCY);
        ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
        assertThat(executor.getActiveCount()).isEqualTo(CONCURRENCY);
        assertThat(executor.getQueueSize()).isLessThanOrEqualTo(CONCURRENCY);
        assertThat(executor.getMaxPoolSize()).isEqualTo(CONCURRENCY);
        assertThat(queue().statistics().running()).isEqualTo(CONCURRENCY);
        assertThat(queue().statistics().queued()).isEqualTo(18);
        gate.countDown();
        await().until(() -> counters.get(CacheCounter.PUT_S3_ACTION) == 20);
        await().until(() -> local.uploads().all().isEmpty());
        assertThat(executor.getActiveCount()).isLessThanOrEqualTo(CONCURRENCY);
    }

    @Test
    void closingWaitsForAllOfThem(CapturedOutput output) throws Exception {
        put(20);
        await().until(() -> server.requests().size() == CONCURRENCY);
        Thread closing = Thread.ofPlatform().start(context::close);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        gate.countDown();
        await().until(() -> !closing.isAlive());
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isEqualTo(20);
        assertThat(output).contains("uploads complete (");
    }

    @Test
    void whatTheFirstProcessDidNotUploadTheSecondDoes(CapturedOutput output) throws Exception {
        close();
        open("50ms");
        put(20);
        await().until(() -> server.requests().size() == CONCURRENCY);
        close();
        assertThat(output).containsPattern("uploads not complete after \\d+ ms: 20 left");
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isZero();
        gate.countDown();
        open("5s");
        await().until(() -> local.uploads().all().isEmpty());
        assertThat(output).contains("resuming 20 uploads");
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isEqualTo(20);
    }

    @Test
    void whatIsPutAfterTheCloseStaysForTheNextStart() throws Exception {
        UploadDispatcher queue = queue();
        context.close();
        store(1);
        queue.wake();
        assertThat(queue.statistics().queued()).isEqualTo(1);
    }

    private void open(String drainTimeout) {
        S3Properties properties =
                S3PropertiesFixture.with(
                        Map.of(
                                "bucket",
                                "bucket",
                                "upload-concurrency",
                                String.valueOf(CONCURRENCY),
                                "drain-timeout",
                                drainTimeout));
        s3 = S3Clients.create(URI.create(server.url()), "access", "secret", properties);
        context = new AnnotationConfigApplicationContext();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(
                        new MapPropertySource("test", Map.of("cache-server.s3.bucket", "bucket")));
        context.registerBean(InMemoryLocalTier.class, () -> local);
        context.registerBean(PendingUploads.class, local::uploads);
        context.registerBean(CacheCounters.class, () -> counters);
        context.registerBean(S3Properties.class, () -> properties);
        context.registerBean(S3Client.class, () -> s3);
        context.register(S3Configuration.class);
        context.refresh();
    }

    private void close() {
        context.close();
        s3.close();
    }

    private UploadDispatcher queue() {
        return context.getBean(UploadDispatcher.class);
    }

    private void put(int count) throws Exception {
        store(count);
        queue().wake();
    }

    private void store(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            TestObject object = TestObject.ofSize(100);
            Entry entry = new Entry(object.action(), object.output(), object.size(), Instant.now());
            local.put(entry, object.stream(), true);
        }
    }
}
