package io.gocacheserver.cache;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.TierException.Remote.Kind;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads what this process prints")
class RemoteReadsTest {

    private static final int AT_ONCE = 2;

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final RemoteReads reads = new RemoteReads(AT_ONCE, nanos::get);
    private volatile @Nullable Kind failure;

    @Test
    void whatIsReadIsReturned() throws Exception {
        assertThat(reads.run(() -> "object")).isEqualTo("object");
    }

    @Test
    void afterSomeFailuresInARowNothingIsAskedForAMoment(CapturedOutput output) {
        fail(Kind.UNAVAILABLE, RemoteReads.FAILURES);
        assertTurnedAway(RemoteReads.PAUSE);
        assertThat(asked).hasValue(RemoteReads.FAILURES);
        assertThat(output).contains("[s3] reads pause: [s3] no answer");
    }

    @Test
    void aSuccessInBetweenStartsTheCountAnew() throws Exception {
        fail(Kind.UNAVAILABLE, RemoteReads.FAILURES - 1);
        succeed();
        fail(Kind.THROTTLED, RemoteReads.FAILURES - 1);
        succeed();
    }

    @Test
    void refusalsAndNonsenseAreAnswers() throws Exception {
        fail(Kind.REFUSED, 10);
        fail(Kind.INVALID, 10);
        succeed();
    }

    @Test
    void afterThePauseOneFindsOut(CapturedOutput output) throws Exception {
        fail(Kind.UNAVAILABLE, RemoteReads.FAILURES);
        nanos.addAndGet(RemoteReads.PAUSE.toNanos());
        fail(Kind.UNAVAILABLE, 1);
        assertTurnedAway(RemoteReads.PAUSE);
        nanos.addAndGet(RemoteReads.PAUSE.toNanos());
        succeed();
        succeed();
        assertThat(output).contains("[s3] reads resume");
    }

    @Test
    void whileOneFindsOutTheOthersAreTurnedAway() throws Exception {
        fail(Kind.UNAVAILABLE, RemoteReads.FAILURES);
        nanos.addAndGet(RemoteReads.PAUSE.toNanos());
        reads.run(
                () -> {
                    assertTurnedAway(Duration.ofSeconds(1));
                    return "object";
                });
        succeed();
    }

    @Test
    void aFailureOfTheLocalTierWhileOneFindsOutLetsTheNextFindOut() throws Exception {
        fail(Kind.UNAVAILABLE, RemoteReads.FAILURES);
        nanos.addAndGet(RemoteReads.PAUSE.toNanos());
        assertThatExceptionOfType(TierException.LocalWrite.class)
                .isThrownBy(
                        () ->
                                reads.run(
                                        () -> {
                                            throw new TierException.LocalWrite("full", null);
                                        }));
        succeed();
    }

    @Test
    void whatExceedsThePlacesWaitsForOne() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> running = hang(executor, gate);
            Future<String> waiting = executor.submit(() -> reads.run(() -> "later"));
            gate.countDown();
            for (Future<String> each : running) {
                assertThat(each.get()).isEqualTo("object");
            }
            assertThat(waiting.get()).isEqualTo("later");
        }
    }

    @Test
    void onceOneHasWaitedInVainAllOthersFailAtOnceUntilAReadEnds() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> running = hang(executor, gate);
            assertTurnedAway(Duration.ofSeconds(1));
            long start = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                assertTurnedAway(Duration.ofSeconds(1));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(RemoteReads.WAIT);
            gate.countDown();
            for (Future<String> each : running) {
                assertThat(each.get()).isEqualTo("object");
            }
            succeed();
        }
    }

    private List<Future<String>> hang(ExecutorService executor, CountDownLatch gate) {
        List<Future<String>> running = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            running.add(executor.submit(() -> reads.run(() -> answerAfter(gate))));
        }
        await().until(() -> asked.get() == AT_ONCE);
        return running;
    }

    private String answerAfter(CountDownLatch gate) {
        asked.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "object";
    }

    private void fail(Kind kind, int times) {
        failure = kind;
        for (int i = 0; i < times; i++) {
            assertThatExceptionOfType(TierException.Remote.class)
                    .isThrownBy(() -> reads.run(this::ask))
                    .withMessage("[s3] no answer");
        }
        failure = null;
    }

    private void succeed() throws TierException {
        assertThat(reads.run(this::ask)).isEqualTo("object");
    }

    private void assertTurnedAway(Duration retryAfter) {
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(() -> reads.run(this::ask))
                .satisfies(
                        e -> {
                            assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
                            assertThat(e.retryAfter()).isEqualTo(retryAfter);
                        });
    }

    private String ask() throws TierException {
        asked.incrementAndGet();
        Kind kind = failure;
        if (kind != null) {
            throw new TierException.Remote(kind, "no answer", null);
        }
        return "object";
    }
}
