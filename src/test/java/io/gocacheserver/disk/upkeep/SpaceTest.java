package io.gocacheserver.disk.upkeep;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.disk.index.NoRoomException;
import io.gocacheserver.disk.upkeep.Space.Reservation;
import io.gocacheserver.testsupport.Concurrently;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A directory that may take 1600 bytes, of which 1500 are given away: the marks are at 1350 and 1425. */
class SpaceTest {

    private static final long MAX_SIZE = 1600;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long GIB = 1L << 30;

    private final AtomicLong nanos = new AtomicLong(-5_000);
    private final Figures figures = new Figures();
    private final Space space = new Space(MAX_SIZE, figures, PATIENCE, nanos::get);
    private final AtomicInteger wakeups = new AtomicInteger();

    /** What the directory and its volume are said to be. */
    private static final class Figures implements Space.Measures {

        final AtomicLong blobs = new AtomicLong();
        final AtomicInteger lookups = new AtomicInteger();
        volatile long index;
        volatile long free = 1000 * GIB;
        volatile long size = 1000 * GIB;
        volatile boolean fails;

        @Override
        public long blobs() {
            return blobs.get();
        }

        @Override
        public long index() {
            lookups.incrementAndGet();
            return index;
        }

        @Override
        public long volumeFree() throws IOException {
            if (fails) {
                throw new IOException("the volume is gone");
            }
            return free;
        }

        @Override
        public long volumeSize() {
            return size;
        }
    }

    @Test
    void itGivesAwayWhatThereIsAndTakesItBack() throws Exception {
        figures.blobs.set(100);
        Reservation first = space.reserve(1000);
        Reservation second = space.reserve(400);
        assertThat(space.demand()).isEqualTo(1400);
        space.onShortage(space::nothingLeft);
        assertRefused(1);
        first.close();
        assertThat(space.demand()).isEqualTo(400);
        space.reserve(1000).close();
        second.close();
        assertThat(space.demand()).isZero();
        assertThat(space.directory()).isEqualTo(100);
    }

    @Test
    void theIndexCountsToo() throws Exception {
        figures.index = 300;
        figures.blobs.set(200);
        later(20);
        assertThat(space.directory()).isEqualTo(500);
        space.onShortage(space::nothingLeft);
        space.reserve(1000).close();
        assertRefused(1001);
    }

    @Test
    void anObjectThatCouldNeverBeKeptIsRefusedAtOnce() throws Exception {
        space.onShortage(wakeups::incrementAndGet);
        space.reserve(1350).close();
        assertThatExceptionOfType(NoRoomException.class)
                .isThrownBy(() -> space.reserve(1351))
                .withMessage(
                        "an object of 1351 bytes is too large for a directory that may take 1600");
        assertThat(space.hasRefused(PATIENCE)).as("for want of space").isFalse();
        assertThat(wakeups).hasValue(0);
    }

    @Test
    void aboveTheHighMarkTheEvictorIsWoken() throws Exception {
        space.onShortage(wakeups::incrementAndGet);
        figures.blobs.set(1400);
        space.reserve(25).close();
        assertThat(wakeups).hasValue(0);
        assertThat(space.isToBeFreed()).isFalse();
        Reservation room = space.reserve(26);
        assertThat(wakeups).hasValue(1);
        assertThat(space.isToBeFreed()).isTrue();
        assertThat(space.isShort()).as("somebody waits").isFalse();
        room.close();
    }

    @Test
    void anEvictorThatFoundNothingIsLeftAloneForASecond() throws Exception {
        space.onShortage(wakeups::incrementAndGet);
        figures.blobs.set(1430);
        space.nothingLeft();
        later(1000);
        space.reserve(10).close();
        assertThat(wakeups).hasValue(0);
        later(1);
        space.reserve(10).close();
        assertThat(wakeups).hasValue(1);
    }

    @Test
    void whoFindsTooLittleGetsWhatTheEvictorFrees() throws Exception {
        figures.blobs.set(1500);
        space.onShortage(
                () -> {
                    assertThat(space.isShort()).isTrue();
                    assertThat(space.demand()).isEqualTo(150);
                    figures.blobs.addAndGet(-100);
                    space.freed();
                });
        space.reserve(150).close();
        assertThat(space.directory()).isEqualTo(1300);
        assertThat(space.isShort()).isFalse();
        assertThat(space.hasRefused(PATIENCE)).isFalse();
    }

    @Test
    void whoFindsTooLittleGetsWhatAnotherGivesBack() throws Exception {
        Reservation held = space.reserve(1300);
        FutureTask<Reservation> waiting = waiting(300);
        held.close();
        Concurrently.result(waiting).close();
        assertThat(space.demand()).isZero();
    }

    @Test
    void roomIsMadeForTheLargestThatWaitsAndSomeOfTheOthers() throws Exception {
        Reservation held = space.reserve(1350);
        List<FutureTask<Reservation>> waiting = new ArrayList<>(List.of(waiting(160)));
        awaitThat(() -> space.demand() == 1350 + 160);
        for (int i = 0; i < 3; i++) {
            waiting.add(waiting(155));
        }
        awaitThat(() -> space.demand() == 1350 + 160);
        held.close();
        for (FutureTask<Reservation> each : waiting) {
            Concurrently.result(each).close();
        }
        assertThat(space.demand()).isZero();
        assertThat(space.isShort()).isFalse();
    }

    @Test
    void whereTwoPassesOfTheEvictorFindNothingItIsRefused() {
        figures.blobs.set(1500);
        space.onShortage(
                () -> {
                    wakeups.incrementAndGet();
                    space.nothingLeft();
                });
        assertRefused(10);
        assertThat(wakeups).hasValue(2);
        assertThat(space.isShort()).isFalse();
        assertThat(space.demand()).isZero();
        assertThat(space.hasRefused(Duration.ofSeconds(10))).isTrue();
        later(10_000);
        assertThat(space.hasRefused(Duration.ofSeconds(10))).isFalse();
    }

    @Test
    void patienceEnds() {
        figures.blobs.set(1500);
        space.onShortage(() -> later(PATIENCE.toMillis()));
        assertRefused(10);
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() throws Exception {
        figures.blobs.set(1500);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(NoRoomException.class)
                .isThrownBy(() -> space.reserve(10))
                .withMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(space.isShort()).isFalse();
        assertThat(space.demand()).isZero();
    }

    @Test
    void howeverManyWriteAtOnceTheLimitHolds() throws Exception {
        AtomicLong held = new AtomicLong();
        List<Long> most =
                Concurrently.run(
                        16,
                        i ->
                                () -> {
                                    long highest = 0;
                                    for (int j = 0; j < 20; j++) {
                                        Reservation room = space.reserve(250);
                                        highest = Math.max(highest, held.addAndGet(250));
                                        Thread.onSpinWait();
                                        held.addAndGet(-250);
                                        room.close();
                                    }
                                    return highest;
                                });
        assertThat(most).allMatch(highest -> highest <= 1500);
        assertThat(space.demand()).isZero();
    }

    @Test
    void aVolumeThatOthersFillIsTheLimit() {
        figures.size = 800; // of which an eighth stays free
        figures.free = 200;
        figures.blobs.set(1000);
        later(20);
        assertThat(space.sample().byVolume()).isTrue();
        assertThat(space.sample().limit()).isEqualTo(1100);
        assertThat(space.isToBeFreed()).as("for nobody").isFalse();
        space.onShortage(space::nothingLeft);
        assertThatExceptionOfType(NoRoomException.class)
                .isThrownBy(() -> space.reserve(10))
                .withMessage(
                        "no room for 10 bytes: the directory takes 1000 and may take 1100, since the volume has only"
                                + " 200 left, and nothing more can be evicted now");
    }

    @Test
    void onAFullVolumeASmallObjectIsRefusedForWantOfSpaceNotForItsSize() {
        figures.size = 800;
        figures.free = 50;
        later(20);
        assertThatExceptionOfType(NoRoomException.class)
                .isThrownBy(() -> space.reserve(10))
                .withMessageContaining("no room for 10 bytes")
                .withMessageContaining("the volume has only 50 left");
        assertThat(space.hasRefused(PATIENCE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "64, 8",
        "400, 16",
        "10000, 200",
        "10000000, 1024",
    })
    void aPartOfTheVolumeIsLeftFree(long mib, long margin) {
        figures.size = mib << 20;
        figures.free = figures.size;
        Space unlimited = new Space(Long.MAX_VALUE, figures, PATIENCE, nanos::get);
        assertThat(unlimited.sample().limit()).isEqualTo((mib - margin) << 20);
    }

    @Test
    void aVolumeThatCannotBeAskedIsNoLimit() {
        figures.fails = true;
        later(20);
        assertThat(space.sample().limit()).isEqualTo(MAX_SIZE);
        assertThatCode(() -> space.reserve(1000).close()).doesNotThrowAnyException();
    }

    @Test
    void theVolumeIsNotAskedForEveryObject() throws Exception {
        int before = figures.lookups.get();
        for (int i = 0; i < 100; i++) {
            space.reserve(10).close();
        }
        assertThat(figures.lookups).hasValue(before);
        later(20);
        space.reserve(10).close();
        assertThat(figures.lookups).hasValue(before + 1);
    }

    private void assertRefused(long bytes) {
        assertThatExceptionOfType(NoRoomException.class)
                .isThrownBy(() -> space.reserve(bytes))
                .withMessageContaining("no room for %d bytes", bytes)
                .withMessageContaining("nothing more can be evicted now");
    }

    /** A reservation that another thread is waiting for when this returns. */
    private FutureTask<Reservation> waiting(long bytes) {
        Callable<Reservation> reserve = () -> space.reserve(bytes);
        FutureTask<Reservation> task = new FutureTask<>(reserve);
        Thread thread = Thread.ofVirtual().start(task);
        awaitThat(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return task;
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(1)).until(condition);
    }

    private void later(long millis) {
        nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    }
}
