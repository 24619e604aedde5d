package io.gocacheserver.s3.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.Outage;
import io.gocacheserver.cache.Uploader.UploadResult;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.TierException.Remote.Kind;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.ActionId;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/** What becomes of uploads that fail: one alone, or all of them because S3 does not work. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads what this process prints")
class UploadFailuresTest {

    private final UploadBench bench = new UploadBench();
    private final UploadDispatcher dispatcher = bench.dispatcher;

    @Nested
    class OfOneUpload {

        @Test
        void arePutOffLongerEachTimeAndGivenUpAfterSoMany(CapturedOutput output) {
            ActionId action = bench.put();
            bench.poisoned.add(action);
            bench.settle();
            assertThat(attempts()).containsExactly(1);
            bench.pass(Duration.ofMillis(999));
            bench.settle();
            assertThat(bench.attempted).hasSize(1);
            bench.pass(Duration.ofMillis(1));
            bench.settle();
            assertThat(attempts()).containsExactly(2);
            bench.pass(Duration.ofSeconds(2));
            bench.settle();
            assertThat(bench.attempted).hasSize(3);
            assertThat(bench.pending()).isZero();
            assertThat(dispatcher.statistics().retried()).isEqualTo(2);
            assertThat(dispatcher.statistics().exhausted()).isEqualTo(1);
            assertThat(output).contains(action + " given up: failed 3 times; [s3] no " + action);
        }

        @Test
        void doNotHoldUpTheOthers() {
            bench.poisoned.add(bench.put());
            bench.put(10);
            bench.settle();
            assertThat(bench.arrived).hasSize(10);
            assertThat(bench.pending()).isEqualTo(1);
        }

        @Test
        void thatArePutOffAreLookedForEachSecond() {
            bench.poisoned.add(bench.put());
            assertThat(bench.settle()).isEqualTo(Duration.ofSeconds(1));
        }

        @Test
        void keepTheirAttemptsOverARestart() throws Exception {
            bench.poisoned.add(bench.put());
            bench.settle();
            bench.pass(Duration.ofSeconds(1));
            assertThat(bench.local.uploads().due(bench.now, 10))
                    .extracting(Upload::attempts)
                    .containsExactly(1);
        }

        @Test
        void countEvenWhereTheyLookLikeAnOutageIfAnotherHasJustArrived() {
            bench.put();
            bench.settle();
            bench.poison = Kind.UNAVAILABLE;
            bench.poisoned.add(bench.put());
            bench.settle();
            assertThat(attempts()).containsExactly(1);
        }

        @Test
        void thatAreTooOldAreGivenUp(CapturedOutput output) {
            ActionId action = bench.put();
            bench.pass(Duration.ofDays(8));
            bench.poisoned.add(action);
            bench.settle();
            assertThat(bench.attempted).as("it is tried once").hasSize(1);
            assertThat(bench.pending()).isZero();
            assertThat(dispatcher.statistics().expired()).isEqualTo(1);
            assertThat(output).contains(action + " given up: it is too old");
        }

        @Test
        void onTheLocalDiskCountAndAreNoOutage() {
            bench.result = new UploadResult.Failed(new TierException.LocalRead("bad sector", null));
            bench.put(5);
            bench.settle();
            assertThat(attempts()).containsOnly(1).hasSize(5);
            assertThat(dispatcher.statistics().paused()).isFalse();
        }

        @Test
        void areLoggedOnceInAFlood(CapturedOutput output) {
            for (int i = 0; i < 50; i++) {
                bench.poisoned.add(bench.put());
            }
            bench.settle();
            assertThat(output.toString().split("to be tried again", -1)).hasSize(2);
        }

        private List<Integer> attempts() {
            return bench.local.uploads().all().stream().map(Upload::attempts).toList();
        }
    }

    @Nested
    class OfS3 {

        @ParameterizedTest
        @EnumSource(
                value = Kind.class,
                names = {"UNAVAILABLE", "THROTTLED"})
        void pauseTheQueue(Kind kind, CapturedOutput output) {
            bench.put(100);
            bench.failure = kind;
            assertThat(bench.settle()).isEqualTo(Duration.ofSeconds(1));
            assertThat(bench.attempted).hasSize(Outage.THRESHOLD);
            assertThat(dispatcher.statistics().paused()).isTrue();
            assertThat(output.toString().split("uploads pause", -1)).hasSize(2);
        }

        @Test
        void areProbedWithOneUploadAfterLongerAndLongerPauses() {
            bench.put(100);
            bench.failure = Kind.UNAVAILABLE;
            bench.settle();
            for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
                int before = bench.attempted.size();
                bench.pass(Duration.ofSeconds(seconds).minusMillis(1));
                bench.settle();
                assertThat(bench.attempted).hasSize(before);
                bench.pass(Duration.ofMillis(1));
                dispatcher.dispatch();
                dispatcher.dispatch();
                assertThat(bench.handedOver).hasSize(1);
                bench.settle();
            }
        }

        @Test
        void areProbedWithAnotherUploadEachTime() {
            bench.put(50);
            bench.failure = Kind.UNAVAILABLE;
            bench.run(Duration.ofMinutes(15));
            assertThat(bench.attempted).hasSizeGreaterThan(30);
            assertThat(new HashSet<>(bench.attempted)).hasSameSizeAs(bench.attempted);
        }

        @Test
        void areProbedWithTheOldestSuspectWhereThereIsNoOther() {
            List<ActionId> put = List.of(bench.put(), bench.put(), bench.put());
            bench.failure = Kind.UNAVAILABLE;
            bench.run(Duration.ofMinutes(5));
            assertThat(bench.attempted.subList(0, 9))
                    .containsExactly(
                            put.get(0),
                            put.get(1),
                            put.get(2),
                            put.get(0),
                            put.get(1),
                            put.get(2),
                            put.get(0),
                            put.get(1),
                            put.get(2));
        }

        @Test
        void endWithASuccessAndEverythingArrives(CapturedOutput output) {
            bench.put(1000);
            bench.failure = Kind.UNAVAILABLE;
            bench.run(Duration.ofHours(5));
            assertThat(bench.arrived).isEmpty();
            bench.failure = null;
            bench.run(Duration.ofMinutes(1));
            assertThat(bench.arrived).hasSize(1000).doesNotHaveDuplicates();
            assertThat(bench.pending()).isZero();
            assertThat(dispatcher.statistics().paused()).isFalse();
            assertThat(output.toString().split("uploads resume", -1)).hasSize(2);
        }

        @Test
        void areNotHeldAgainstTheUploads() {
            bench.put(20);
            bench.failure = Kind.THROTTLED;
            bench.run(Duration.ofHours(5));
            assertThat(bench.pending()).isEqualTo(20);
            assertThat(bench.local.uploads().all()).extracting(Upload::attempts).containsOnly(0);
            assertThat(dispatcher.statistics().exhausted()).isZero();
        }

        @Test
        void needNoMoreMemoryForMoreUploads() {
            bench.put(100_000);
            bench.failure = Kind.UNAVAILABLE;
            bench.run(Duration.ofHours(3));
            assertThat(bench.attempted.size()).isLessThan(400);
            assertThat(bench.local.uploads().largestRead).isLessThan(200);
            assertThat(dispatcher.statistics().queued()).isEqualTo(100_000);
        }

        @Test
        void whatWasHandedOverBeforeThePauseWaitsToo() {
            bench.put(4);
            dispatcher.dispatch();
            bench.failure = Kind.UNAVAILABLE;
            while (!bench.handedOver.isEmpty()) {
                bench.runOne();
            }
            assertThat(bench.attempted).hasSize(Outage.THRESHOLD);
            assertThat(bench.pending()).isEqualTo(4);
        }

        @Test
        void endAlsoWithARefusal() {
            bench.put(10);
            bench.failure = Kind.UNAVAILABLE;
            bench.settle();
            bench.failure = Kind.REFUSED;
            bench.run(Duration.ofSeconds(1));
            assertThat(dispatcher.statistics().paused()).isFalse();
            assertThat(new HashSet<>(bench.attempted)).hasSize(10);
        }

        @Test
        void ofPoisonedUploadsOnlyDoNotKeepTheOthersBackForLong() {
            bench.poison = Kind.UNAVAILABLE;
            for (int i = 0; i < 8; i++) {
                bench.poisoned.add(bench.put());
            }
            bench.put(500);
            bench.run(Duration.ofMinutes(2));
            assertThat(bench.arrived).hasSize(500);
            bench.run(Duration.ofHours(1));
            assertThat(bench.attempted.size())
                    .as("they are no flood while they are alone")
                    .isLessThan(800);
        }

        @Test
        void thatLastTooLongHaveTheOldestGivenUp() {
            bench.put(250);
            bench.failure = Kind.UNAVAILABLE;
            bench.run(Duration.ofHours(1));
            assertThat(bench.pending()).isEqualTo(250);
            bench.pass(Duration.ofDays(7));
            ActionId young = bench.put();
            bench.run(Duration.ofMinutes(5));
            assertThat(bench.local.uploads().all())
                    .extracting(upload -> upload.entry().action())
                    .containsExactly(young);
            assertThat(dispatcher.statistics().expired()).isEqualTo(250);
        }
    }
}
