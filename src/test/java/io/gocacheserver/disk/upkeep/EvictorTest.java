package io.gocacheserver.disk.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.StoreReport.Evicted;
import io.gocacheserver.cache.tier.StoreReport.EvictionReason;
import io.gocacheserver.disk.FakeClock;
import io.gocacheserver.disk.blobs.Blobs;
import io.gocacheserver.disk.blobs.DiskLayout;
import io.gocacheserver.disk.blobs.StoreCounters;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.NoRoomException;
import io.gocacheserver.disk.index.StagedObject;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.testsupport.Opened;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A directory of 1600 KiB, 1500 of which are given away: the marks are at 1350 and 1425, 33 and 35 blobs. */
class EvictorTest {

    private static final int KIB = 1024;
    private static final int BLOB = 40 * KIB;
    private static final Duration MAX_AGE = Duration.ofDays(30);

    private final FakeClock clock = new FakeClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final AtomicLong nanos = new AtomicLong();
    private final AccessTimes accessTimes = new AccessTimes();
    private final UseClock uses = new UseClock(clock, clock::nanoTime, 0);
    private final StoreCounters counters = new StoreCounters();
    private final Volume volume = new Volume();
    @AutoClose private final Opened opened = new Opened();
    private DiskLayout layout;
    private Index index;
    private Blobs blobs;
    private Space space;
    private Evictor evictor;

    /** A directory whose blobs alone count, on a volume that others fill as a test wants. */
    private final class Volume implements Space.Measures {

        private long free = 1L << 40;
        private long size = 1L << 40;

        @Override
        public long blobs() {
            return index.totals().blobBytes();
        }

        @Override
        public long index() {
            return 0;
        }

        @Override
        public long volumeFree() {
            return free;
        }

        @Override
        public long volumeSize() {
            return size;
        }
    }

    @BeforeEach
    void open(@TempDir Path temp) throws SQLException {
        layout = opened.add(new DiskLayout(temp.resolve("cache")));
        layout.open();
        index = opened.add(Index.open(layout.index(), 1 << 20, 2));
        blobs = new Blobs(layout, nanos::get);
        space = new Space(1600 * KIB, volume, Duration.ofSeconds(5), nanos::get);
        evictor = evictor(MAX_AGE);
    }

    @Test
    void upToTheHighMarkNothingGoes() throws Exception {
        List<TestObject> objects = put(35);
        pass(false);
        assertThat(objects).allMatch(this::has);
        assertThat(counters.evictions()).containsEntry(EvictionReason.SIZE, new Evicted(0, 0, 0));
    }

    @Test
    void aboveItTheLeastRecentlyUsedGoDownToTheLowMark() throws Exception {
        List<TestObject> objects = put(36);
        touch(objects.get(1));
        pass(false);
        assertThat(objects).filteredOn(object -> !has(object)).hasSize(3);
        assertThat(has(objects.get(0))).isFalse();
        assertThat(has(objects.get(1))).as("which was used since").isTrue();
        assertThat(objects.subList(4, 36)).allMatch(this::has);
        assertThat(space.directory()).isEqualTo(33 * BLOB);
        assertThat(counters.evictions())
                .containsEntry(EvictionReason.SIZE, new Evicted(3, 3, 3 * BLOB));
    }

    @Test
    void onDemandItGoesDownToTheLowMarkInAnyCase() throws Exception {
        List<TestObject> objects = put(35);
        pass(true);
        assertThat(objects).filteredOn(this::has).hasSize(33);
        pass(true);
        assertThat(objects).filteredOn(this::has).hasSize(33);
    }

    @Test
    void whatWaitsForItsUploadStays() throws Exception {
        List<TestObject> objects = put(36);
        for (TestObject pending : objects.subList(0, 3)) {
            index.change(
                    writer -> {
                        writer.putUpload(pending.key(), uses.next());
                        return true;
                    });
        }
        pass(false);
        assertThat(objects.subList(0, 3)).allMatch(this::has);
        assertThat(objects.subList(3, 6)).noneMatch(this::has);
    }

    @Test
    void whatIsBeingSentStaysAndCountsAsUsed() throws Exception {
        List<TestObject> objects = put(36);
        blobs.lease(objects.getFirst().output());
        pass(false);
        assertThat(has(objects.getFirst())).isTrue();
        assertThat(objects.subList(1, 4)).noneMatch(this::has);

        nanos.addAndGet(Duration.ofSeconds(10).toNanos()); // no lease is left
        put(3);
        pass(false);
        assertThat(has(objects.getFirst())).isTrue();
        assertThat(objects.subList(4, 7)).noneMatch(this::has);
    }

    @Test
    void whatNoActionLeadsToGoesFirstHoweverNewItIs() throws Exception {
        List<TestObject> objects = put(20);
        List<TestObject> alone = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            TestObject object = TestObject.ofSize(BLOB);
            insert(row(object, Files.write(layout.newTmp(), object.bytes()), null));
            alone.add(object);
        }
        blobs.lease(alone.getFirst().output());
        pass(false);
        assertThat(objects).allMatch(this::has);
        assertThat(has(alone.getFirst())).as("which is being sent").isTrue();
        assertThat(alone.subList(1, 4)).noneMatch(this::has);
        assertThat(alone.subList(4, 16)).allMatch(this::has);
    }

    /** Somebody who reads them slowly does not keep the rest from being evicted. */
    @Test
    void whatNoActionLeadsToHoldsUpNothingWhileItIsBeingSent() throws Exception {
        List<TestObject> objects = put(26);
        for (int i = 0; i < 10; i++) {
            TestObject object = TestObject.ofSize(BLOB);
            insert(row(object, Files.write(layout.newTmp(), object.bytes()), null));
            blobs.lease(object.output());
        }
        pass(false);
        assertThat(objects.subList(0, 3)).noneMatch(this::has);
        assertThat(objects.subList(3, 26)).allMatch(this::has);
    }

    @Test
    void anObjectGoesWithTheLastActionThatLeadsToIt() throws Exception {
        TestObject shared = put(1).getFirst();
        ActionKey second = ActionKey.global(TestValues.action("second"));
        clock.advance(Duration.ofDays(20));
        lead(second, shared);
        clock.advance(Duration.ofDays(11));
        pass(false);
        assertThat(index.find(shared.key())).isEmpty();
        assertThat(index.find(second)).isPresent();
        assertThat(has(shared)).isTrue();
        clock.advance(Duration.ofDays(20));
        pass(false);
        assertThat(has(shared)).isFalse();
        assertThat(counters.evictions()).containsEntry(EvictionReason.AGE, new Evicted(2, 1, BLOB));
    }

    @Test
    void whatIsTooOldGoesThoughThereIsSpaceHoweverMuchItIs() throws Exception {
        for (int i = 0; i < 300; i++) {
            TestObject alone = TestObject.ofSize(10);
            insert(row(alone, null, alone.bytes()));
        }
        clock.advance(Duration.ofDays(29));
        TestObject newer = put(1).getFirst();
        pass(false);
        assertThat(index.totals().objects()).isEqualTo(301);
        clock.advance(Duration.ofDays(2));
        pass(false);
        assertThat(index.totals().objects()).isEqualTo(1);
        assertThat(has(newer)).isTrue();
        assertThat(counters.evictions())
                .containsEntry(EvictionReason.AGE, new Evicted(0, 300, 3000));
    }

    @Test
    void whatWasUsedAMomentAgoIsNotTooOldThoughTheIndexDoesNotKnowItYet() throws Exception {
        List<TestObject> objects = put(2);
        clock.advance(Duration.ofDays(31));
        accessTimes.used(
                objects.get(0).key(), index.find(objects.get(0).key()).orElseThrow(), uses);
        pass(false);
        assertThat(has(objects.get(0))).isTrue();
        assertThat(has(objects.get(1))).isFalse();
    }

    @Test
    void withoutAnAgeLimitNothingIsTooOld() throws Exception {
        TestObject old = put(1).getFirst();
        clock.advance(Duration.ofDays(10_000));
        evictor = evictor(Duration.ZERO);
        pass(false);
        assertThat(has(old)).isTrue();
    }

    @Test
    void roomIsMadeForWhoWaitsForIt() throws Exception {
        List<TestObject> objects = put(35);
        space.onShortage(() -> pass(false));
        Space.Reservation room = space.reserve(300 * KIB);
        // 33 blobs at the low mark, less what was wanted.
        assertThat(objects).filteredOn(this::has).hasSize(26);
        assertThat(objects.subList(9, 35)).allMatch(this::has);
        room.close();
    }

    @Test
    void whereNothingMayGoWhoWaitsIsToldSo() throws Exception {
        for (TestObject pending : put(36)) {
            index.change(
                    writer -> {
                        writer.putUpload(pending.key(), uses.next());
                        return true;
                    });
        }
        space.onShortage(() -> pass(false));
        assertThatExceptionOfType(NoRoomException.class)
                .isThrownBy(() -> space.reserve(200 * KIB))
                .withMessageContaining("nothing more can be evicted");
    }

    @Test
    void aVolumeThatDoesNotGiveBackWhatIsDeletedCostsNotTheWholeCache() throws Exception {
        List<TestObject> objects = put(25);
        volume.size = 800 * KIB; // an eighth of which is left free
        volume.free = 150 * KIB;
        space.freed();
        assertThat(space.sample().byVolume()).isTrue();
        space.onShortage(() -> pass(false));
        assertThatExceptionOfType(NoRoomException.class)
                .isThrownBy(() -> space.reserve(BLOB))
                .withMessageContaining("the volume has only");
        assertThat(objects).filteredOn(this::has).hasSizeGreaterThan(10);
        assertThat(counters.evictions().get(EvictionReason.VOLUME))
                .satisfies(evicted -> assertThat(evicted.objects()).isPositive());
    }

    @Test
    void aVolumeThatIsFullMakesItFreeNothingUnlessSomebodyWaits() throws Exception {
        List<TestObject> objects = put(25);
        volume.size = 800 * KIB;
        volume.free = 0;
        space.freed();
        pass(false);
        assertThat(objects).allMatch(this::has);
    }

    private Evictor evictor(Duration maxAge) {
        return new Evictor(index, blobs, accessTimes, space, maxAge, uses, counters);
    }

    private void pass(boolean toLowMark) {
        try {
            space.freed(); // what the test has changed
            evictor.pass(toLowMark);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** So many objects in blobs, one after another, each with an action. */
    private List<TestObject> put(int count) throws SQLException, IOException {
        List<TestObject> objects = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestObject object = TestObject.ofSize(BLOB);
            insert(row(object, Files.write(layout.newTmp(), object.bytes()), null));
            lead(object.key(), object);
            objects.add(object);
        }
        return objects;
    }

    private void insert(StagedObject object) throws SQLException {
        index.change(
                writer -> {
                    blobs.place(object);
                    writer.putOrphan(writer.insertObject(object), uses.next());
                    return true;
                });
    }

    private void lead(ActionKey action, TestObject object) throws SQLException {
        long id = index.find(object.output()).orElseThrow().id();
        index.change(
                writer -> {
                    writer.putAction(action, id, 0, uses.next(), Provenance.UNKNOWN);
                    return true;
                });
    }

    private void touch(TestObject object) throws SQLException {
        clock.advance(Duration.ofSeconds(1));
        accessTimes.used(object.key(), index.find(object.key()).orElseThrow(), uses);
    }

    /** Whether the index has it; its blob is there if so, and not else. */
    private boolean has(TestObject object) {
        try {
            boolean found = index.find(object.output()).isPresent();
            assertThat(Files.exists(layout.blob(object.output(), Coding.IDENTITY)))
                    .isEqualTo(found);
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StagedObject row(
            TestObject object, @Nullable Path file, byte @Nullable [] data) {
        return new StagedObject(
                object.output(), object.size(), object.size(), Coding.IDENTITY, data, file);
    }
}
