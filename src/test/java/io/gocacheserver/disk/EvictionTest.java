package io.gocacheserver.disk;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.StoreReport.EvictionReason;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.disk.index.Totals;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

class EvictionTest extends DiskFixture {

    private static final int MIB = 1 << 20;
    private static final int THREADS = 4;

    @Test
    void theDirectoryStaysWithinItsLimitAndKeepsWhatIsNew() throws Exception {
        Queue<TestObject> stored = new ConcurrentLinkedQueue<>();
        Concurrently.run(
                THREADS,
                i ->
                        () -> {
                            for (int j = 0; j < 30; j++) {
                                stored.add(put(TestObject.ofSize(MIB - 10_000)));
                                assertThat(size()).isLessThan(MAX_SIZE + THREADS * MIB);
                            }
                            return true;
                        });
        assertThat(has(stored.element())).isFalse();
        // Which of the threads' objects are the newest only the store knows.
        List<TestObject> newest = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            newest.add(put(TestObject.ofSize(MIB - 10_000)));
        }
        for (TestObject recent : newest) {
            assertThat(bytes(hit(recent.action()).content())).isEqualTo(recent.bytes());
        }
        assertThat(disk.report().evictions().get(EvictionReason.SIZE))
                .satisfies(evicted -> assertThat(evicted.objects()).isGreaterThan(90));
        assertThat(disk.report().state()).isEqualTo(State.WORKING);
    }

    @Test
    void smallObjectsGiveTheirSpaceBack() throws Exception {
        TestObject last = fillWith(10_000, 3000);
        assertThat(size()).isLessThan(MAX_SIZE + MIB);
        assertThat(has(last)).isTrue();
        assertThat(disk.report().usage().objects()).isBetween(2000L, 9000L);
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst() throws Exception {
        TestObject used = put(TestObject.ofSize(MIB));
        TestObject unused = put(TestObject.ofSize(MIB));
        reopen(); // so that no lease is left
        for (int i = 0; i < 30; i++) {
            clock.advance(Duration.ofMinutes(1));
            if (i < 25) {
                disk.get(used.key());
            }
            put(TestObject.ofSize(MIB));
        }
        assertThat(has(used)).isTrue();
        assertThat(has(unused)).isFalse();
    }

    @Test
    void useByTheObjectsHashCountsToo() throws Exception {
        TestObject used = put(TestObject.ofSize(10));
        TestObject unused = put(TestObject.ofSize(10));
        for (int i = 0; i < 30; i++) {
            clock.advance(Duration.ofMinutes(1));
            assertThat(disk.find(used.output())).isPresent();
            put(TestObject.ofSize(MIB));
        }
        assertThat(has(used)).isTrue();
        assertThat(has(unused)).isFalse();
    }

    @Test
    void aLookAtAnEntryDoesNotCount() throws Exception {
        TestObject looked = put(TestObject.ofSize(10));
        TestObject unused = put(TestObject.ofSize(10));
        for (int i = 0; i < 30 && !disk.entries(looked.action()).isEmpty(); i++) {
            clock.advance(Duration.ofMinutes(1));
            assertThat(disk.look(looked.output())).isPresent();
            put(TestObject.ofSize(MIB));
        }
        assertThat(has(looked)).isFalse();
        assertThat(has(unused)).isFalse();
    }

    @Test
    void whatWaitsForItsUploadStaysUntilThatIsDone() throws Exception {
        TestObject pending = TestObject.ofSize(MIB);
        disk.put(entry(pending), pending.stream(), true);
        clock.advance(Duration.ofMinutes(1));
        fillWith(30, MIB);
        assertThat(has(pending)).isTrue();
        disk.remove(disk.due(clock.instant(), 1).getFirst());
        disk.close();
        disk = open(); // no lease is left
        clock.advance(Duration.ofMinutes(1));
        fillWith(30, MIB);
        assertThat(has(pending)).isFalse();
    }

    @Test
    void whereNothingCanBeEvictedPutsAreRefusedAndTheRestGoesOn() throws Exception {
        List<TestObject> stored = new ArrayList<>();
        assertThatExceptionOfType(TierException.LocalWrite.class)
                .isThrownBy(
                        () -> {
                            for (int i = 0; i < 30; i++) {
                                TestObject object = TestObject.ofSize(MIB);
                                disk.put(entry(object), object.stream(), true);
                                stored.add(object);
                            }
                        })
                .withMessageContaining("no room for")
                .withMessageContaining("nothing more can be evicted");
        assertThat(stored).hasSizeGreaterThan(15);
        assertThat(size()).isLessThan(MAX_SIZE);
        assertThat(disk.report().state()).isEqualTo(State.FULL);
        for (TestObject object : stored) {
            assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
        }
    }

    @Test
    void anObjectLargerThanTheLimitIsRefused() throws Exception {
        TestObject kept = put(TestObject.ofSize(MIB));
        TestObject large = TestObject.ofSize((int) MAX_SIZE + MIB);
        assertThatExceptionOfType(TierException.LocalWrite.class).isThrownBy(() -> put(large));
        assertThat(tmp()).isEmpty();
        assertThat(has(kept)).isTrue();
    }

    @Test
    void whatIsTooOldGoesForItsAge() throws Exception {
        disk.close();
        disk = openWithMaxAge(Duration.ofDays(30));
        TestObject old = put(TestObject.ofSize(MIB));
        TestObject oldAndSmall = put(TestObject.ofSize(10));
        clock.advance(Duration.ofDays(20));
        TestObject newer = put(TestObject.ofSize(MIB));
        clock.advance(Duration.ofDays(11));
        disk.evictNow();
        await().until(() -> disk.report().usage().actions() == 1);
        assertThat(has(newer)).isTrue();
        assertThat(has(old)).isFalse();
        assertThat(has(oldAndSmall)).isFalse();
        await().until(() -> !Files.exists(blob(old)));
        assertThat(disk.report().evictions().get(EvictionReason.AGE))
                .satisfies(evicted -> assertThat(evicted.actions()).isEqualTo(2));
    }

    @Test
    void whatIsBeingSentStays() throws Exception {
        disk.close();
        disk = openWithMaxAge(Duration.ofDays(30));
        TestObject object = put(TestObject.ofSize(MIB));
        clock.advance(Duration.ofDays(31));
        var content = hit(object.action()).content();
        disk.evictNow();
        TestObject other = put(TestObject.ofSize(10)); // behind the eviction
        await().until(() -> has(other));
        assertThat(bytes(content)).isEqualTo(object.bytes());
    }

    @Test
    void anObjectStaysForAsLongAsAnActionLeadsToIt() throws Exception {
        disk.close();
        disk = openWithMaxAge(Duration.ofDays(30));
        TestObject object = put(TestObject.ofSize(10));
        clock.advance(Duration.ofDays(20));
        ActionId second = TestValues.action("the second one");
        disk.putAction(new Entry(second, object.output(), object.size(), TIME), false);
        clock.advance(Duration.ofDays(11));
        disk.evictNow();
        await().until(() -> !disk.has(object.key()));
        assertThat(bytes(hit(second).content())).isEqualTo(object.bytes());
    }

    @Test
    void objectsWithoutAnActionAreEvictedAsWell() throws Exception {
        disk.close();
        disk = openWithMaxAge(Duration.ofDays(30));
        TestObject alone = TestObject.ofSize(10);
        disk.putObject(alone.output(), alone.size(), alone.stream(), null);
        TestObject replaced = put(TestObject.ofSize(10));
        TestObject replacement = TestObject.ofSize(10);
        disk.put(
                new Entry(replaced.action(), replacement.output(), 10, TIME),
                replacement.stream(),
                false);
        assertThat(disk.report().usage().objects()).isEqualTo(3);
        clock.advance(Duration.ofDays(31));
        disk.evictNow();
        await().until(() -> disk.report().usage().objects() == 0);
        assertThat(disk.report().usage().actions()).isZero();
    }

    private TestObject fillWith(int count, int size) throws Exception {
        TestObject last = TestObject.ofSize(0);
        for (int i = 0; i < count; i++) {
            last = put(TestObject.ofSize(size));
        }
        return last;
    }

    private DiskTier openWithMaxAge(Duration maxAge) {
        StoreSettings settings = TestDisk.settings(directory, MAX_SIZE);
        return DiskTier.open(
                new StoreSettings(
                        directory,
                        MAX_SIZE,
                        maxAge,
                        settings.inlineSize(),
                        settings.memorySize(),
                        settings.readers(),
                        settings.patience(),
                        0,
                        settings.scrubInterval()),
                clock.clocks());
    }

    /** What the directory takes, as its file system counts it. */
    private long size() {
        return size(directory.toFile());
    }

    private static long size(File file) {
        File[] children = file.listFiles(); // null for files, also those that are gone by now
        return children == null
                ? Totals.allocated(file.length())
                : Arrays.stream(children).mapToLong(EvictionTest::size).sum();
    }
}
