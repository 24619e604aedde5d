package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.disk.blobs.Blobs;
import io.gocacheserver.disk.blobs.DiskLayout;
import io.gocacheserver.disk.blobs.Stager;
import io.gocacheserver.disk.blobs.StoreCounters;
import io.gocacheserver.disk.blobs.StoredContents;
import io.gocacheserver.disk.blobs.UnusableDirectoryException;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexNotes.Note;
import io.gocacheserver.disk.index.IndexReader;
import io.gocacheserver.disk.index.IndexSchema.NewerIndexException;
import io.gocacheserver.disk.index.SqlFailure;
import io.gocacheserver.disk.upkeep.AccessTimes;
import io.gocacheserver.disk.upkeep.Background;
import io.gocacheserver.disk.upkeep.Evictor;
import io.gocacheserver.disk.upkeep.Scrubber;
import io.gocacheserver.disk.upkeep.Space;
import io.gocacheserver.disk.upkeep.Sweeper;
import io.gocacheserver.disk.upkeep.UseClock;
import io.gocacheserver.model.ByteSize;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;

/** A store and what keeps it in order, from the opening of its directory to its closing. */
final class OpenStore implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OpenStore.class);
    private static final long MIN_SIZE_BYTES = 16L << 20;
    private static final int ASIDE_SHARE = 10;
    private static final Duration REFUSAL_COUNTS = Duration.ofSeconds(10);
    private static final long LITTLE_BYTES = 4L << 20;

    final DiskLayout layout;
    final Index index;
    final Store store;
    final Space space;
    final UseClock uses;
    final Scrubber scrubber;
    final StoreCounters counters;
    private final Evictor evictor;
    private final Blobs blobs;
    private final Background background;
    private volatile @Nullable String indexDamage;

    private OpenStore(
            DiskLayout layout,
            Index index,
            boolean recover,
            StoreSettings settings,
            StoreCounters counters,
            Clocks clocks)
            throws SQLException, IOException {
        this.layout = layout;
        this.counters = counters;
        this.index = index;
        blobs = new Blobs(layout, System::nanoTime);
        uses = new UseClock(clocks.wall(), clocks.nanoTime(), index.read(IndexReader::latestUse));
        Measures measures = new Measures(layout, index, blobs);
        space =
                new Space(
                        effectiveMaxSize(settings.maxSize(), measures),
                        measures,
                        settings.patience(),
                        System::nanoTime);
        AccessTimes accessTimes = new AccessTimes();
        evictor = new Evictor(index, blobs, accessTimes, space, settings.maxAge(), uses, counters);
        StoredContents contents = new StoredContents(layout, index, blobs, counters);
        Stager stager = new Stager(layout, settings.inlineSize());
        store = new Store(index, stager, blobs, contents, accessTimes, space, uses);
        scrubber = new Scrubber(index, contents, settings.scrubInterval(), clocks.wall());
        Sweeper sweeper = new Sweeper(layout, index, contents, blobs, uses);
        background =
                new Background(
                        recover ? sweeper : null, scrubber, settings.scrubRate(), this::failed);
    }

    /**
     * Opens a cache directory, which is created if needed and locked against other processes. A damaged index is set aside,
     * and another one begun.
     */
    static OpenStore open(StoreSettings settings, StoreCounters counters, Clocks clocks) {
        DiskLayout layout = new DiskLayout(settings.directory());
        layout.open();
        try {
            try {
                return open(layout, settings, counters, clocks);
            } catch (SQLException e) {
                if (!isDamage(e)) {
                    throw e;
                }
                setIndexAside(layout, String.valueOf(e.getMessage()));
                return open(layout, settings, counters, clocks);
            }
        } catch (SQLException | IOException | DirectoryIteratorException e) {
            layout.close();
            throw new UnusableDirectoryException(
                    layout.root(), "its index %s: %s".formatted(layout.index(), e.getMessage()), e);
        } catch (RuntimeException e) {
            layout.close();
            throw e;
        }
    }

    private static OpenStore open(
            DiskLayout layout, StoreSettings settings, StoreCounters counters, Clocks clocks)
            throws SQLException, IOException {
        if (layout.index().toFile().length() == 0 && layout.hasBlobs()) {
            log.warn(
                    "[disk] there is no index {}, though there are blobs: these objects are hashed and taken into a"
                            + " new one in the background",
                    layout.index());
        }
        Index index = Index.open(layout.index(), settings.memorySize(), settings.readers());
        try {
            // An index without a note is new, and there may be blobs of one that is gone.
            boolean recover =
                    index.change(
                            writer -> {
                                boolean closed = writer.notes().get(Note.CLOSED).orElse(0) == 1;
                                writer.notes().set(Note.CLOSED, 0);
                                return !closed;
                            });
            layout.rememberIdentity();
            OpenStore open = new OpenStore(layout, index, recover, settings, counters, clocks);
            open.limitAside();
            open.start();
            return open;
        } catch (SQLException | IOException | RuntimeException e) {
            closeQuietly(index);
            throw e;
        }
    }

    /** Damage, where it is found at once: no database, or one whose tables are not what its version says. */
    static boolean isDamage(SQLException e) {
        if (e instanceof NewerIndexException) {
            return false;
        }
        return SqlFailure.of(e) == SqlFailure.DAMAGED
                || (e instanceof SQLiteException sqlite
                        && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_ERROR);
    }

    private static void setIndexAside(DiskLayout layout, String damage) throws IOException {
        layout.setIndexAside();
        log.warn(
                "[disk] the index {} is damaged ({}), and is set aside as {}. The cache goes on with a new one: actions, small"
                        + " objects and pending uploads are lost on this disk, and come back from S3 or with the next"
                        + " builds. Nothing needs the damaged file; delete it when you have looked at it",
                layout.index(),
                damage,
                layout.aside());
    }

    /** A damaged index that was set aside must not take what the cache needs. */
    private void limitAside() throws IOException {
        if (layout.asideBytes() > space.sample().limit() / ASIDE_SHARE) {
            log.warn("[disk] {} is too large to be kept, and is deleted", layout.aside());
            layout.deleteAside();
            space.freed();
        }
    }

    /** To be told of a failure of the index: after some of them the index is of no use any more. */
    void failed(SQLException e) {
        if (SqlFailure.of(e) == SqlFailure.DAMAGED) {
            indexDamage = String.valueOf(e.getMessage());
        }
    }

    boolean isDamaged() {
        return indexDamage != null;
    }

    /** Moves the index of a store aside, when it has turned out to be damaged; the store must be closed. */
    void setIndexAside() throws IOException {
        setIndexAside(layout, String.valueOf(indexDamage));
    }

    void scrubNow() {
        background.scrubNow();
    }

    /** The work of every second or so, and of when space is short. */
    void maintain(boolean toLowMark) throws SQLException {
        blobs.tidy();
        evictor.pass(toLowMark);
    }

    void flushAccessTimes() throws SQLException {
        evictor.flushAccessTimes();
    }

    /** Closes in order, so that the next start has nothing to recover from. */
    @Override
    public void close() {
        background.close();
        try {
            evictor.flushAccessTimes();
            blobs.deletePostponed(index);
            if (blobs.isTidy()) {
                index.note(Note.CLOSED, 1);
            }
        } catch (SQLException e) {
            log.warn("[disk] the index could not be closed: {}", e.getMessage());
        }
        abandon();
    }

    /** Closes without writing: the directory is gone, or the index damaged. */
    void abandon() {
        background.close();
        closeQuietly(index);
        layout.close();
    }

    private void start() {
        log.info(
                "[disk] {}: {} actions, {} objects of {}, {} as stored; the limit is {}",
                layout.root(),
                index.totals().actions(),
                index.totals().objects(),
                ByteSize.format(index.totals().bytes()),
                ByteSize.format(index.totals().storedBytes()),
                ByteSize.format(space.sample().limit()));
        background.start();
    }

    /** How the store is, and whether it can be written at this moment. */
    StoreReport report() {
        Space.Sample sample = space.sample();
        Condition condition = condition(sample);
        return new StoreReport(
                index.totals().usage(),
                condition.state(),
                condition.problem(),
                space.directory(),
                sample.limit(),
                index.bytes(),
                sample.volumeFree(),
                oldestIdle(),
                counters.evictions(),
                counters.corruptions(),
                scrubber.report());
    }

    private record Condition(State state, @Nullable String problem) {}

    private Condition condition(Space.Sample sample) {
        if (!layout.isStillThere()) {
            return new Condition(
                    State.UNAVAILABLE,
                    "%s is gone, or another one is in its place".formatted(layout.root()));
        }
        try {
            layout.checkWritable();
        } catch (IOException e) {
            return new Condition(
                    SqlFailure.of(e) == SqlFailure.FULL ? State.FULL : State.READ_ONLY,
                    "%s cannot be written: %s".formatted(layout.root(), e));
        }
        if (space.hasRefused(REFUSAL_COUNTS)) {
            return new Condition(
                    State.FULL,
                    "%s takes %d of %d bytes, and nothing more can be evicted now"
                            .formatted(layout.root(), space.directory(), sample.limit()));
        }
        if (sample.volumeFree() < LITTLE_BYTES) {
            return new Condition(
                    State.FULL,
                    "the volume of %s has only %d bytes left"
                            .formatted(layout.root(), sample.volumeFree()));
        }
        return new Condition(State.WORKING, null);
    }

    private @Nullable Duration oldestIdle() {
        try {
            OptionalLong used = index.read(IndexReader::oldestUse);
            return used.isPresent() ? uses.since(used.getAsLong()) : null;
        } catch (SQLException e) {
            return null;
        }
    }

    private static void closeQuietly(Index index) {
        try {
            index.close();
        } catch (SQLException e) {
            log.warn("[disk] the index could not be closed: {}", e.getMessage());
        }
    }

    /** The setting, or 80 % of what the directory takes and the volume has free, which the log then says. */
    private static long effectiveMaxSize(long maxSize, Measures measures) throws IOException {
        long free = measures.volumeFree();
        if (maxSize > 0) {
            return maxSize;
        }
        long share = Math.max(MIN_SIZE_BYTES, (measures.blobs() + measures.index() + free) / 5 * 4);
        log.info(
                "[disk] cache-server.disk.max-size is not set: the limit is {}, 80 % of what the directory takes"
                        + " and the volume has free",
                ByteSize.format(share));
        return share;
    }

    private record Measures(DiskLayout layout, Index rows, Blobs files) implements Space.Measures {

        @Override
        public long blobs() {
            return rows.totals().blobBytes() + files.withoutRow();
        }

        @Override
        public long index() {
            return rows.bytes() + layout.asideBytes();
        }

        @Override
        public long volumeFree() throws IOException {
            return layout.volumeFree();
        }

        @Override
        public long volumeSize() throws IOException {
            return layout.volumeSize();
        }
    }
}
