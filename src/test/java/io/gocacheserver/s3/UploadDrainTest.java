package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

@ExtendWith(OutputCaptureExtension.class)
class UploadDrainTest {

    private final ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger done = new AtomicInteger();

    @BeforeEach
    void start() {
        executor.setCorePoolSize(1);
        executor.setMaxPoolSize(1);
        executor.initialize();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        executor.shutdown();
    }

    @Test
    void waitsForWhatRunsAndWhatIsQueued(CapturedOutput output) {
        submit(3);
        gate.countDown();
        drain(Duration.ofSeconds(10));
        assertThat(done).hasValue(3);
        assertThat(output).contains("uploads complete (");
    }

    @Test
    void givesUpAtTheDeadlineAndSaysHowMuch(CapturedOutput output) {
        submit(3);
        await().until(() -> executor.getActiveCount() == 1);
        drain(Duration.ofMillis(50));
        assertThat(done).hasValue(0);
        assertThat(output).contains("waiting for uploads: 2 queued, 1 running");
        assertThat(output).containsPattern("uploads not complete after \\d+ ms: 3 given up");
    }

    @Test
    void withNothingToWaitForItDoesNotWait(CapturedOutput output) {
        drain(Duration.ofMinutes(10));
        assertThat(output).contains("uploads complete (");
    }

    @Test
    void itStopsAfterTheWebServerAndBeforeTheExecutor() {
        UploadDrain drain = new UploadDrain(executor, Duration.ZERO);
        assertThat(drain.getPhase()).isLessThan(Integer.MAX_VALUE - 2048);
        assertThat(
                        new S3Configuration()
                                .uploadExecutor(S3PropertiesFixture.with(Map.of()))
                                .getPhase())
                .isLessThan(drain.getPhase());
    }

    @Test
    void itRunsUntilItIsStopped() {
        UploadDrain drain = new UploadDrain(executor, Duration.ofSeconds(1));
        drain.start();
        assertThat(drain.isRunning()).isTrue();
        drain.stop();
        assertThat(drain.isRunning()).isFalse();
    }

    private void drain(Duration timeout) {
        new UploadDrain(executor, timeout).stop();
    }

    private void submit(int count) {
        for (int i = 0; i < count; i++) {
            executor.execute(
                    () -> {
                        try {
                            gate.await();
                            done.incrementAndGet();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }
    }
}
