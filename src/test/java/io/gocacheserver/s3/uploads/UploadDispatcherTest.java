package io.gocacheserver.s3.uploads;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.cache.Uploader.UploadResult;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.Concurrently;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;

/** What is handed over when, while S3 works. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads what this process prints")
class UploadDispatcherTest {

    private static final int IN_FLIGHT = UploadDispatcher.AHEAD * UploadBench.CONCURRENCY;

    private final UploadBench bench = new UploadBench();
    private final UploadDispatcher dispatcher = bench.dispatcher;

    @Test
    void theOldestGoesFirst() {
        List<ActionId> put = List.of(bench.put(), bench.put(), bench.put());
        bench.settle();
        assertThat(bench.arrived).isEqualTo(put);
        assertThat(bench.pending()).isZero();
    }

    @Test
    void onlyAFewAreHandedOverAtATime() {
        bench.put(100);
        dispatcher.dispatch();
        dispatcher.dispatch();
        assertThat(bench.handedOver).hasSize(IN_FLIGHT);
        bench.runOne();
        dispatcher.dispatch();
        assertThat(bench.handedOver).hasSize(IN_FLIGHT);
    }

    @Test
    void memoryIsTheSameForAnyNumberOfThem() {
        bench.put(10_000);
        bench.settle();
        assertThat(bench.arrived).hasSize(10_000).doesNotHaveDuplicates();
        assertThat(bench.local.uploads().largestRead).isLessThanOrEqualTo(2 * IN_FLIGHT);
    }

    @Test
    void withNothingToDoItSleepsUntilItIsWoken() throws Exception {
        assertThat(bench.settle()).isEqualTo(Duration.ofMinutes(1));
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var sleeper =
                    executor.submit(
                            () -> {
                                dispatcher.awaitWork(Duration.ofMinutes(1));
                                return true;
                            });
            dispatcher.wake();
            dispatcher.wake();
            assertThat(Concurrently.result(sleeper)).isTrue();
        }
    }

    @Test
    void anActionThatIsPutAgainMeanwhileIsUploadedAgainAfterwards() {
        ActionId action = bench.put();
        dispatcher.dispatch();
        bench.put(action);
        dispatcher.dispatch();
        assertThat(bench.handedOver).as("never two of one action at once").hasSize(1);
        bench.settle();
        assertThat(bench.arrived).containsExactly(action, action);
        assertThat(bench.pending()).isZero();
    }

    @Test
    void whatIsPendingAtTheStartIsResumedAndSaid(CapturedOutput output) {
        bench.put(3);
        dispatcher.resume();
        assertThat(output).contains("resuming 3 uploads, oldest from 2026-11-23T10:00:00Z");
        assertThat(dispatcher.statistics().resumed()).isEqualTo(3);
        bench.settle();
        assertThat(bench.arrived).hasSize(3);
    }

    @Test
    void aStartWithNothingPendingSaysNothing(CapturedOutput output) {
        dispatcher.resume();
        assertThat(output).doesNotContain("resuming");
    }

    @Test
    void theStatisticsSayWhatWaitsAndHowLong() {
        bench.put(3);
        bench.pass(Duration.ofSeconds(7));
        assertThat(dispatcher.statistics())
                .isEqualTo(
                        new Statistics(3, 0, Duration.ofSeconds(7), 0, 0, 0, 0, 0, 0, false, null));
    }

    @Test
    void whatExceedsTheCapacityIsDroppedAndLoggedOnce(CapturedOutput output) {
        UploadBench small =
                new UploadBench(new UploadDispatcher.Policy(2, 2, 3, Duration.ofDays(7)));
        Entry entry = new Entry(new ActionId("abcd"), new OutputId("abcd"), 1, small.now);
        assertThat(small.dispatcher.admit(entry)).isTrue();
        small.put(2);
        for (int i = 0; i < 50; i++) {
            assertThat(small.dispatcher.admit(entry)).isFalse();
        }
        assertThat(small.dispatcher.statistics().dropped()).isEqualTo(50);
        assertThat(output.toString().split("2 are pending", -1)).hasSize(2);
        small.settle();
        assertThat(small.dispatcher.admit(entry)).isTrue();
    }

    @Test
    void awaitsTheEndOfAnUploadUnderWay() throws Exception {
        ActionKey action = ActionKey.global(bench.put());
        OutputId output = new OutputId("abcd");
        assertThat(dispatcher.awaitNotRunning(action, Duration.ZERO)).isTrue();
        dispatcher.dispatch();
        assertThat(dispatcher.awaitNotRunning(action, Duration.ZERO)).isFalse();
        assertThat(dispatcher.awaitNotRunning(output, Duration.ZERO)).isFalse();
        assertThat(
                        dispatcher.awaitNotRunning(
                                ActionKey.global(new ActionId("ffff")), Duration.ZERO))
                .isTrue();
        assertThat(dispatcher.awaitNotRunning(new OutputId("ffff"), Duration.ZERO)).isTrue();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiter =
                    executor.submit(
                            () -> dispatcher.awaitNotRunning(action, Duration.ofMinutes(1)));
            bench.runOne();
            assertThat(Concurrently.result(waiter)).isTrue();
        }
    }

    @Test
    void aListOfPendingUploadsThatFailsIsLeftAloneForAWhile(CapturedOutput output) {
        bench.put(3);
        bench.local.uploads().fail = true;
        assertThat(bench.settle()).isEqualTo(Duration.ofSeconds(5));
        assertThat(output).contains("the list of pending uploads failed");
        bench.local.uploads().fail = false;
        bench.run(Duration.ofSeconds(6));
        assertThat(bench.arrived).hasSize(3);
        assertThat(bench.pending()).isZero();
    }

    @Test
    void anUploadThatCannotBeForgottenIsDoneAgainLater() {
        ActionId action = bench.put();
        dispatcher.dispatch();
        bench.local.uploads().fail = true;
        bench.runOne();
        bench.local.uploads().fail = false;
        bench.run(Duration.ofSeconds(6));
        assertThat(bench.arrived).containsExactly(action, action);
        assertThat(bench.pending()).isZero();
    }

    @Test
    void anObjectThatIsLostIsGivenUp(CapturedOutput output) {
        ActionId action = bench.put();
        bench.result = new UploadResult.Lost("it is damaged");
        bench.settle();
        assertThat(bench.pending()).isZero();
        assertThat(dispatcher.statistics().lost()).isEqualTo(1);
        assertThat(output).contains("upload of action " + action + " given up: it is damaged");
    }

    @Test
    void afterTheStopNothingIsHandedOverAndWhatFailsStays() {
        bench.put(10);
        dispatcher.dispatch();
        bench.result = new UploadResult.Failed(new IllegalStateException("interrupted at the end"));
        Runnable running = bench.handedOver.remove();
        dispatcher.stop();
        running.run();
        bench.settle();
        assertThat(bench.attempted).isEmpty();
        assertThat(bench.pending()).isEqualTo(10);
        assertThat(dispatcher.statistics().retried()).isZero();
    }

    @Test
    void theLoopDispatchesUntilItIsStopped() {
        UploadLoop loop =
                new UploadLoop(
                        dispatcher, Executors.newSingleThreadExecutor(), Duration.ofSeconds(1));
        bench.put();
        loop.start();
        await().until(() -> loop.isRunning() && dispatcher.statistics().resumed() == 1);
        loop.stop();
        assertThat(loop.isRunning()).isFalse();
    }
}
