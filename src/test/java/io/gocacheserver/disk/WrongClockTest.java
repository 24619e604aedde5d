package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.disk.blobs.StoreCounters;
import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** What is on disk is kept for 30 days since its last use, whatever the computer's clock says meanwhile. */
class WrongClockTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration MAX_AGE = Duration.ofDays(30);

    @TempDir private Path directory;

    private final FakeClock clock = new FakeClock(START);
    @AutoClose private OpenStore open;

    @BeforeEach
    void open() {
        StoreSettings small = TestDisk.settings(directory, 1L << 30);
        StoreSettings settings =
                new StoreSettings(
                        directory,
                        small.maxSize(),
                        MAX_AGE,
                        small.inlineSize(),
                        small.memorySize(),
                        small.readers(),
                        small.patience(),
                        0,
                        small.scrubInterval());
        open = OpenStore.open(settings, new StoreCounters(), clock.clocks());
    }

    @ParameterizedTest
    @ValueSource(longs = {60, -60, 20_000, -20_000})
    void aClockThatWasWrongAtTheStartEmptiesNothing(long days) throws Exception {
        TestObject old = put();
        clock.advance(Duration.ofDays(14));
        TestObject newer = put();

        restartAt(clock.instant().plus(Duration.ofDays(days)));
        TestObject putMeanwhile = put();
        open.maintain(true);
        restartAt(START.plus(Duration.ofDays(14)));
        open.maintain(true);
        assertThat(has(old)).isTrue();

        pass(Duration.ofDays(14));
        assertThat(has(newer)).isTrue();
        assertThat(has(putMeanwhile)).isTrue();
    }

    @Test
    void aClockThatIsSetWhileTheServiceRunsEmptiesNothing() throws Exception {
        TestObject object = put();
        pass(Duration.ofDays(14));
        for (int days : new int[] {60, -60, 365, 0}) {
            clock.set(START.plus(Duration.ofDays(days)));
            open.maintain(true);
            assertThat(isThere(object)).as("%d days", days).isTrue();
        }
    }

    @Test
    void whatIsNotUsedGoesAfterThirtyDaysAllTheSame() throws Exception {
        TestObject object = put();
        pass(Duration.ofDays(29));
        assertThat(isThere(object)).isTrue();
        pass(Duration.ofDays(2));
        assertThat(isThere(object)).isFalse();
    }

    @Test
    void withAClockThatIsAheadItGoesNoEarlierThanAfterHalfOfThat() throws Exception {
        clock.advance(Duration.ofDays(1));
        TestObject object = put();
        clock.set(START.plus(Duration.ofDays(1000)));
        pass(Duration.ofDays(14));
        assertThat(isThere(object)).isTrue();
    }

    @Test
    void timeForWhichTheServiceWasDownIsCaughtUpWith() throws Exception {
        TestObject object = put();
        restartAt(clock.instant().plus(Duration.ofDays(25)));
        open.maintain(true);
        assertThat(isThere(object)).isTrue();
        pass(Duration.ofDays(16));
        assertThat(isThere(object)).isFalse();
    }

    @Test
    void theOrderOfUseHoldsWhateverTheClockSays() throws Exception {
        long last = open.uses.next();
        for (int days : new int[] {60, -60, 365, 0}) {
            clock.set(START.plus(Duration.ofDays(days)));
            long next = open.uses.next();
            assertThat(next).isGreaterThan(last);
            last = next;
        }
    }

    @Test
    void anUploadDoesNotGrowOldByAClockThatIsSet() throws Exception {
        TestObject object = TestObject.ofSize(10);
        open.store.put(entry(object), object.stream(), true);
        clock.advance(Duration.ofHours(1));
        clock.set(START.plus(Duration.ofDays(60)));

        Instant oldest = Objects.requireNonNull(open.index.backlog().oldest());
        Instant since = open.uses.onTheClock(oldest.toEpochMilli() * 1000);
        assertThat(Duration.between(since, clock.instant()))
                .isBetween(Duration.ofHours(1), Duration.ofHours(2));
    }

    private void restartAt(Instant instant) {
        open.close();
        clock.set(instant);
        open();
    }

    private void pass(Duration duration) throws Exception {
        clock.advance(duration);
        open.maintain(true);
    }

    private TestObject put() throws Exception {
        TestObject object = TestObject.ofSize(10);
        open.store.put(entry(object), object.stream(), false);
        return object;
    }

    private static Entry entry(TestObject object) {
        return new Entry(object.action(), object.output(), object.size(), START);
    }

    /** A look that counts as a use. */
    private boolean has(TestObject object) throws Exception {
        boolean found = open.store.get(object.key()).isPresent();
        open.flushAccessTimes();
        return found;
    }

    private boolean isThere(TestObject object) throws Exception {
        return open.index.find(object.key()).isPresent();
    }
}
