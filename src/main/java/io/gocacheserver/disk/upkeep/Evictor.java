package io.gocacheserver.disk.upkeep;

import io.gocacheserver.cache.tier.StoreReport.Evicted;
import io.gocacheserver.cache.tier.StoreReport.EvictionReason;
import io.gocacheserver.disk.blobs.Blobs;
import io.gocacheserver.disk.blobs.StoreCounters;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexNotes;
import io.gocacheserver.disk.index.IndexReader;
import io.gocacheserver.disk.index.IndexWriter;
import io.gocacheserver.disk.index.IndexWriter.Known;
import io.gocacheserver.disk.index.UseOrder.Candidate;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Removes objects to which no action leads, and then what was not used for longest, an action at a time, and an object with
 * its last action: from above the high mark down to the low one, and besides what was not used for {@code max-age}. In small
 * batches, between which other changes of the index take their turn. Entries that wait for their upload are never evicted.
 */
public final class Evictor {

    private static final int BATCH_SIZE = 64;
    private static final int VACUUM_STEP_PAGES = 256;
    private static final int MIN_FREE_PAGES = 256;

    private final Index index;
    private final Blobs blobs;
    private final AccessTimes accessTimes;
    private final Space space;
    private final Duration maxAge;
    private final UseClock uses;
    private final StoreCounters counters;
    private long liveIndexBytes;

    private record Batch(Evicted evicted, boolean skipped) {

        boolean isEmpty() {
            return evicted.actions() + evicted.objects() == 0;
        }
    }

    public Evictor(
            Index index,
            Blobs blobs,
            AccessTimes accessTimes,
            Space space,
            Duration maxAge,
            UseClock uses,
            StoreCounters counters) {
        this.index = index;
        this.blobs = blobs;
        this.accessTimes = accessTimes;
        this.space = space;
        this.maxAge = maxAge;
        this.uses = uses;
        this.counters = counters;
    }

    public void pass(boolean toLowMark) throws SQLException {
        evictByAge();
        if (toLowMark || space.isToBeFreed() || space.isShort()) {
            evictBySize();
        }
        vacuum();
        blobs.deletePostponed(index);
        OptionalLong oldest = index.read(IndexReader::oldestUse);
        accessTimes.oldestIdle(oldest.isPresent() ? uses.since(oldest.getAsLong()) : Duration.ZERO);
    }

    private void evictByAge() throws SQLException {
        if (maxAge.isZero()) {
            return;
        }
        long limit = uses.before(maxAge);
        OptionalLong oldest = index.read(IndexReader::oldestUse);
        if (oldest.isEmpty() || oldest.getAsLong() >= limit) {
            return;
        }
        flushAccessTimes();
        while (!evict(limit, Long.MAX_VALUE, EvictionReason.AGE).isEmpty()) {
            space.freed();
        }
    }

    private void evictBySize() throws SQLException {
        flushAccessTimes();
        vacuum();
        boolean byVolume = space.sample().byVolume();
        EvictionReason reason = byVolume ? EvictionReason.VOLUME : EvictionReason.SIZE;
        long goal = excess();
        long freed = 0;
        for (long excess = goal; excess > 0; excess = excess()) {
            if (byVolume && freed > goal) {
                // The volume does not give back what is deleted, or not yet: no reason to delete
                // all.
                space.nothingLeft();
                break;
            }
            Batch batch = evict(Long.MAX_VALUE, excess, reason);
            freed += batch.evicted().bytes();
            vacuum();
            space.freed();
            if (batch.isEmpty()) {
                if (!batch.skipped()) { // else what is being sent now can go in a moment
                    space.nothingLeft();
                }
                break;
            }
        }
        if (space.isShort()) {
            index.checkpoint(); // only then does the index's file become shorter
            space.freed();
        }
    }

    /** Bytes above the low mark. Free pages within the index will be used again, or given back: they count as gone. */
    private long excess() {
        long idle = Math.max(0, index.databaseBytes() - liveIndexBytes);
        return space.directory() - idle + space.demand() - space.lowMark();
    }

    private Batch evict(long usedBefore, long goal, EvictionReason reason) throws SQLException {
        Batch batch = index.change(writer -> evictBatch(writer, usedBefore, goal));
        counters.evicted(reason, batch.evicted());
        return batch;
    }

    private Batch evictBatch(IndexWriter writer, long usedBefore, long goal) throws SQLException {
        List<Candidate> candidates = writer.uses().leastRecentlyUsed(usedBefore, BATCH_SIZE);
        long actions = 0;
        long objects = 0;
        long bytes = 0;
        boolean skipped = false;
        for (Candidate candidate : candidates) {
            if (bytes >= goal) {
                break;
            }
            Known object = writer.find(candidate.object());
            if (object != null && blobs.isLeased(object)) {
                skipped = true;
                writer.uses().touch(candidate, uses.next());
                continue;
            }
            Known removed = remove(writer, candidate, object);
            if (candidate.action() != null) {
                actions++;
            }
            if (removed != null) {
                blobs.deleteAfterCommit(removed, writer);
                objects++;
                bytes += removed.stored();
            }
        }
        return new Batch(new Evicted(actions, objects, bytes), skipped);
    }

    private static @Nullable Known remove(
            IndexWriter writer, Candidate candidate, @Nullable Known object) throws SQLException {
        if (candidate.action() != null) {
            return writer.deleteAction(candidate.action());
        }
        if (object != null) {
            writer.deleteObject(object);
        } else {
            writer.deleteOrphan(candidate.object());
        }
        return object;
    }

    /** Writes down what was used, so that it is not evicted. */
    public void flushAccessTimes() throws SQLException {
        while (!accessTimes.isEmpty()) {
            index.update(writer -> accessTimes.flush(writer, BATCH_SIZE * 4));
        }
    }

    private void vacuum() throws SQLException {
        long allowed = Math.max(MIN_FREE_PAGES, index.databaseBytes() / index.pageBytes() / 32);
        IndexNotes.Pages pages;
        long before = Long.MAX_VALUE;
        do {
            pages = index.change(writer -> writer.notes().vacuum(allowed, VACUUM_STEP_PAGES));
            liveIndexBytes = (pages.count() - pages.free()) * index.pageBytes();
            if (pages.free() >= before) {
                return; // an index that was made without auto_vacuum cannot give back
            }
            before = pages.free();
        } while (pages.free() > allowed);
    }
}
