package io.gocacheserver.profile;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.InMemoryDocuments;
import io.gocacheserver.testsupport.InMemoryRemoteDocuments;
import io.gocacheserver.wire.BuildProfile;
import io.gocacheserver.wire.BuildProfile.Build;
import io.gocacheserver.wire.BuildProfile.Use;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class SharedProfilesTest {

    private static final String NAME = "ab".repeat(32);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration RECHECK = Duration.ofSeconds(10);
    private static final Duration MAX_AGE = Duration.ofDays(14);
    private static final byte[] DAMAGED = {1, 2, 3};

    private final AtomicLong nanos = new AtomicLong(-5_000);
    private final InMemoryRemoteDocuments remote = new InMemoryRemoteDocuments();
    private final ProfileStatistics statistics = new ProfileStatistics();
    private final Disk disk = new Disk();
    private final LocalProfiles local =
            new LocalProfiles(
                    disk, new LocalProfiles.Merging(3, MAX_AGE, 100), InstantSource.fixed(NOW));

    @AutoClose
    private final SharedProfiles profiles =
            new SharedProfiles(local, remote, statistics, RECHECK, nanos::get);

    /** A disk that can fail. */
    private static final class Disk implements LocalDocuments {

        private final InMemoryDocuments documents = new InMemoryDocuments();
        volatile boolean readsFail;
        volatile boolean writesFail;

        @Override
        public Optional<byte[]> read(String name) throws TierException {
            if (readsFail) {
                throw new TierException.LocalRead("read " + name + ": input/output error", null);
            }
            return documents.read(name);
        }

        @Override
        public void write(String name, byte[] document) throws TierException {
            if (writesFail) {
                throw new TierException.LocalWrite("write " + name + ": no space left", null);
            }
            documents.write(name, document);
        }

        @Override
        public long bytes() {
            return documents.bytes();
        }
    }

    @AfterEach
    void letGo() {
        remote.gate.countDown();
    }

    @Test
    void whatAnotherReplicaHasIsReadOnceAndBelievedForAWhile() throws Exception {
        remote.put(NAME, build(1, "a").encoded());
        assertThat(read()).containsExactly("a");
        remote.put(NAME, build(2, "b").encoded());
        after(9);
        assertThat(read()).containsExactly("a");
        assertThat(remote.reads).hasValue(1);
        after(1);
        assertThat(read()).containsExactly("b", "a");
    }

    @Test
    void whatHasNotChangedIsNotSentAgainNeitherWay() throws Exception {
        remote.put(NAME, build(1, "a").encoded());
        assertThat(read()).containsExactly("a");
        after(10);
        assertThat(read()).containsExactly("a");
        assertThat(remote.unchanged).hasValue(1);
        profiles.close();
        assertThat(remote.writes).hasValue(0);
    }

    @Test
    void readsAtTheSameTimeShareOneRequest() throws Exception {
        remote.put(NAME, build(1, "a").encoded());
        remote.gate = new CountDownLatch(1);
        List<FutureTask<List<String>>> reads =
                Stream.generate(() -> new FutureTask<>(this::read)).limit(8).toList();
        List<Thread> readers = reads.stream().map(Thread.ofVirtual()::start).toList();
        awaitThat(() -> readers.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
        remote.gate.countDown();
        for (FutureTask<List<String>> read : reads) {
            assertThat(Concurrently.result(read)).containsExactly("a");
        }
        assertThat(remote.reads).hasValue(1);
    }

    @Test
    void theOneThatKnowsMoreSendsIt() throws Exception {
        local.merge(NAME, build(1, "a"));
        remote.put(NAME, build(2, "b").encoded());
        assertThat(read()).containsExactly("b", "a");
        profiles.close();
        assertThat(sent()).containsExactly("b", "a");
        assertThat(statistics.pushed().sum()).isEqualTo(1);
    }

    @Test
    void whatTheRemoteTierLacksIsSentToIt() throws Exception {
        assertThat(read()).isEmpty();
        local.merge(NAME, build(1, "a"));
        after(10);
        assertThat(read()).containsExactly("a");
        profiles.close();
        assertThat(sent()).containsExactly("a");
    }

    @Test
    void aRemoteTierThatFailsIsLeftAloneForAWhile() throws Exception {
        local.merge(NAME, build(1, "a"));
        remote.fails = true;
        assertThat(read()).containsExactly("a");
        assertThat(profiles.read("cd".repeat(32))).isEmpty();
        after(9);
        assertThat(read()).containsExactly("a");
        assertThat(remote.reads).hasValue(1);
        assertThat(statistics.failed().sum()).isEqualTo(1);
        after(1);
        remote.fails = false;
        remote.put(NAME, build(2, "b").encoded());
        assertThat(read()).containsExactly("b", "a");
    }

    @Test
    void withoutAProfileOfItsOwnAFailureIsNoMiss() {
        remote.fails = true;
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(() -> profiles.read(NAME))
                .withMessageContaining(NAME);
    }

    @Test
    void aPushAddsToWhatOthersHaveWritten() throws Exception {
        remote.put(NAME, build(1, "a").encoded());
        local.merge(NAME, build(2, "b"));
        profiles.push(NAME);
        profiles.close();
        assertThat(sent()).containsExactly("b", "a");
        assertThat(local.read(NAME)).isPresent();
        assertThat(outline(local.read(NAME))).containsExactly("b", "a");
    }

    @Test
    void aPushOfNothingNewWritesNothing() throws Exception {
        remote.put(NAME, local.merge(NAME, build(1, "a")).encoded());
        profiles.push(NAME);
        profiles.push("cd".repeat(32)); // of which there is nothing at all
        profiles.close();
        assertThat(remote.writes).hasValue(0);
        assertThat(statistics.pushed().sum()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "4, 5, 1", "5, 5, 0", "100, 5, 0"})
    void aWriteThatOthersWereBeforeIsTriedAgainAFewTimes(int conflicts, int writes, int pushed)
            throws Exception {
        remote.conflicts.set(conflicts);
        local.merge(NAME, build(1, "a"));
        profiles.push(NAME);
        profiles.close();
        assertThat(remote.writes).hasValue(writes);
        assertThat(statistics.pushed().sum()).isEqualTo(pushed);
        assertThat(statistics.failed().sum()).isZero();
    }

    @Test
    void whatCouldNotBeSentIsSentAfterTheNextRead() throws Exception {
        remote.put(NAME, build(1, "a").encoded());
        assertThat(read()).containsExactly("a");
        local.merge(NAME, build(2, "b"));
        remote.writesFail = true;
        profiles.push(NAME);
        awaitThat(() -> statistics.failed().sum() == 1);
        remote.writesFail = false;
        after(10);
        assertThat(read()).containsExactly("b", "a");
        profiles.close();
        assertThat(sent()).containsExactly("b", "a");
    }

    @Test
    void aDamagedDocumentCountsAsNoneAndIsReplaced() throws Exception {
        remote.put(NAME, DAMAGED);
        assertThat(read()).isEmpty();
        assertThat(remote.get(NAME)).isEqualTo(DAMAGED);
        after(10);
        local.merge(NAME, build(1, "a"));
        assertThat(read()).containsExactly("a");
        profiles.close();
        assertThat(sent()).containsExactly("a");
    }

    @Test
    void aDiskThatFailsIsNoReasonNotToAnswer() throws Exception {
        local.merge(NAME, build(1, "a"));
        remote.put(NAME, build(2, "b").encoded());
        disk.writesFail = true;
        assertThat(read()).containsExactly("b", "a");
        disk.readsFail = true;
        after(10);
        assertThat(read()).containsExactly("b");
        profiles.close();
        assertThat(statistics.failed().sum()).as("failures of the remote tier").isZero();
    }

    @Test
    void aFewAreSentAtOnceAndNoMoreThanSoManyWait() throws Exception {
        remote.gate = new CountDownLatch(1);
        List<String> names = IntStream.range(0, 1504).mapToObj("%064x"::formatted).toList();
        BuildProfile profile = build(1, "a");
        for (String name : names) {
            local.merge(name, profile);
        }
        names.subList(0, 4).forEach(profiles::push);
        awaitThat(() -> remote.underWay.get() == 4);
        names.subList(4, 1504).forEach(profiles::push);
        names.subList(4, 1504).forEach(profiles::push);
        remote.gate.countDown();
        awaitThat(() -> statistics.pushed().sum() >= 1004);
        assertThat(remote.mostUnderWay).hasValue(4);

        // One that found no place.
        assertThat(profiles.read(names.getLast())).isPresent();
        profiles.close();
        assertThat(statistics.pushed().sum()).isEqualTo(1005);
        assertThat(remote.get(names.getLast())).isEqualTo(profile.encoded());
    }

    @Test
    void whatIsOnItsWayIsAwaitedAtTheEndAndNothingBeginsAfterIt() throws Exception {
        remote.gate = new CountDownLatch(1);
        local.merge(NAME, build(1, "a"));
        profiles.push(NAME);
        awaitThat(() -> remote.underWay.get() == 1);
        Thread closing = Thread.ofPlatform().start(profiles::close);
        awaitThat(() -> closing.getState() == Thread.State.TIMED_WAITING);
        remote.gate.countDown();
        closing.join();
        assertThat(sent()).containsExactly("a");

        local.merge(NAME, build(2, "b"));
        profiles.push(NAME);
        assertThat(read()).containsExactly("b", "a");
        assertThat(sent()).containsExactly("a");
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(1)).until(condition);
    }

    private List<String> read() throws TierException {
        return outline(profiles.read(NAME));
    }

    /** What the remote tier has. */
    private List<String> sent() {
        return outline(Optional.of(BuildProfile.decode(remote.get(NAME))));
    }

    private void after(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    /** A build so many milliseconds after {@link #NOW}. */
    private static BuildProfile build(long millis, String... actions) {
        List<Use> uses = Arrays.stream(actions).map(name -> new Use(action(name), 0)).toList();
        return BuildProfile.of(32, List.of(new Build(NOW.toEpochMilli() + millis - 1000, 7)), uses);
    }

    /** Names of a profile's actions, in its order. */
    private static List<String> outline(Optional<BuildProfile> profile) {
        List<String> names = List.of("a", "b", "old");
        return profile.stream()
                .flatMap(found -> IntStream.range(0, found.size()).mapToObj(found::action))
                .flatMap(each -> names.stream().filter(name -> action(name).equals(each)))
                .toList();
    }
}
