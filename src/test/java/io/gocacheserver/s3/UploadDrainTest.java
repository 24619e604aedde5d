package io.gocacheserver.s3;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.BackOff;
import io.gocacheserver.cache.InMemoryLocalTier;
import io.gocacheserver.cache.Outage;
import io.gocacheserver.cache.Uploader.UploadResult;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.TierException.Remote.Kind;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.s3.uploads.UploadDispatcher;
import io.gocacheserver.s3.uploads.UploadLoop;
import io.gocacheserver.testsupport.Opened;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The queue with its real threads, one upload at a time, at shutdown. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads what this process prints")
class UploadDrainTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final InMemoryLocalTier local = new InMemoryLocalTier();
    @AutoClose private final Opened opened = new Opened();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private volatile @Nullable Kind failure;
    private UploadDispatcher dispatcher;
    private UploadLoop loop;

    @BeforeEach
    void start() {
        opened.add(executor::shutdown);
        BackOff never = new BackOff(LONG, LONG, () -> 1);
        dispatcher =
                new UploadDispatcher(
                        local.uploads(),
                        this::upload,
                        executor,
                        new UploadDispatcher.Policy(1, 1000, 10, Duration.ofDays(1)),
                        new Outage(never, System::nanoTime),
                        never,
                        InstantSource.system(),
                        System::nanoTime);
        loop = new UploadLoop(dispatcher, executor, Duration.ZERO);
        local.uploads().now = Instant.now();
        loop.start();
        opened.add(loop::stop);
        opened.add(gate::countDown);
    }

    @Test
    void goesOnUntilNothingIsPending(CapturedOutput output) {
        put(30);
        gate.countDown();
        drain(LONG);
        assertThat(done).hasValue(30);
        assertThat(local.uploads().all()).isEmpty();
        assertThat(output).contains("uploads complete (");
    }

    @Test
    void givesUpAtTheDeadlineAndSaysWhatIsLeft(CapturedOutput output) {
        put(3);
        await().until(() -> begun.get() == 1);
        drain(Duration.ofMillis(50));
        assertThat(done).hasValue(0);
        assertThat(local.uploads().all()).hasSize(3);
        assertThat(output)
                .contains("waiting for uploads: 2 queued, 1 running")
                .containsPattern(
                        "uploads not complete after \\d+ ms: 3 left, to be resumed at the next start");
    }

    @Test
    void withNothingToWaitForItDoesNotWait(CapturedOutput output) {
        drain(LONG);
        assertThat(output).contains("uploads complete (");
    }

    @Test
    void doesNotWaitForWhatIsPutOff(CapturedOutput output) {
        failure = Kind.REFUSED;
        gate.countDown();
        put(2);
        await().until(() -> dispatcher.statistics().retried() == 2);
        drain(LONG);
        assertThat(output).containsPattern("uploads not complete after \\d+ ms: 2 left");
    }

    @Test
    void doesNotWaitForS3WhileThatDoesNotWork(CapturedOutput output) {
        failure = Kind.UNAVAILABLE;
        gate.countDown();
        put(10);
        await().until(() -> dispatcher.statistics().paused());
        drain(LONG);
        assertThat(output).containsPattern("uploads not complete after \\d+ ms: 10 left");
    }

    @Test
    void itStopsAfterTheWebServer() {
        assertThat(loop.getPhase()).isLessThan(Integer.MAX_VALUE - 2048);
    }

    @Test
    void itRunsUntilItIsStopped() {
        assertThat(loop.isRunning()).isTrue();
        loop.stop();
        assertThat(loop.isRunning()).isFalse();
    }

    private void drain(Duration timeout) {
        new UploadLoop(dispatcher, executor, timeout).stop();
    }

    private void put(int count) {
        for (int i = 0; i < count; i++) {
            ActionId action = new ActionId("%08x".formatted(i));
            local.uploads().add(new Entry(action, new OutputId("abcd"), 1, Instant.EPOCH));
        }
        dispatcher.wake();
    }

    private UploadResult upload(Upload upload) {
        begun.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new UploadResult.Failed(e);
        }
        Kind kind = failure;
        if (kind != null) {
            return new UploadResult.Failed(
                    new TierException.Remote(kind, "no " + upload.sequence(), null));
        }
        done.incrementAndGet();
        return new UploadResult.Done();
    }
}
