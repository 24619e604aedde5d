package io.gocacheserver.cache;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.testsupport.Concurrently;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

class SingleFlightTest {

    private static final int CALLERS = 8;

    private final SingleFlight<String, Integer> flight = new SingleFlight<>();
    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void concurrentCallsForOneKeyShareOneRun() throws Exception {
        List<Thread> callers = new ArrayList<>();
        List<Integer> results = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofPlatform().start(() -> addTo(results)));
        }
        await().until(() -> runs.get() == 1);
        await().until(() -> callers.stream().allMatch(SingleFlightTest::waits));
        gate.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(results).hasSize(CALLERS).containsOnly(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    void otherKeysDoNotWait() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> slow = executor.submit(() -> flight.run("slow", this::gated));
            await().until(() -> runs.get() == 1);
            assertThat(flight.run("fast", () -> 7)).isEqualTo(7);
            gate.countDown();
            assertThat(Concurrently.result(slow)).isEqualTo(1);
        }
    }

    @Test
    void aFinishedRunIsNotRemembered() throws TierException {
        assertThat(flight.run("key", runs::incrementAndGet)).isEqualTo(1);
        assertThat(flight.run("key", runs::incrementAndGet)).isEqualTo(2);
    }

    @Test
    void allCallersGetTheFailure() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = executor.submit(() -> flight.run("key", this::failing));
            await().until(() -> runs.get() == 1);
            CountDownLatch joining = new CountDownLatch(1);
            Future<Integer> second =
                    executor.submit(
                            () -> {
                                joining.countDown();
                                return flight.run("key", this::failing);
                            });
            joining.await();
            gate.countDown();
            assertFails(first);
            assertFails(second);
        }
    }

    @Test
    void afterAFailureTheNextCallTriesAgain() throws TierException {
        gate.countDown();
        assertThatExceptionOfType(TierException.LocalRead.class)
                .isThrownBy(() -> flight.run("key", this::failing));
        assertThat(flight.run("key", () -> 3)).isEqualTo(3);
    }

    @Test
    void afterAnUncheckedFailureTheNextCallTriesAgain() throws TierException {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(
                        () ->
                                flight.run(
                                        "key",
                                        () -> {
                                            throw new IllegalArgumentException("a bug");
                                        }));
        assertThat(flight.run("key", () -> 3)).isEqualTo(3);
    }

    private void addTo(List<Integer> results) {
        try {
            int result = flight.run("key", this::gated);
            synchronized (results) {
                results.add(result);
            }
        } catch (TierException e) {
            throw new IllegalStateException(e);
        }
    }

    private int gated() {
        int run = runs.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return run;
    }

    private int failing() throws TierException {
        gated();
        throw new TierException.LocalRead("refused", null);
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    private static void assertFails(Future<Integer> future) {
        assertThatExceptionOfType(TierException.LocalRead.class)
                .isThrownBy(() -> Concurrently.result(future))
                .withMessage("[disk] refused");
    }
}
