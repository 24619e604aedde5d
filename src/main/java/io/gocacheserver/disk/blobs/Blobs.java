package io.gocacheserver.disk.blobs;

import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexWriter;
import io.gocacheserver.disk.index.IndexWriter.Known;
import io.gocacheserver.disk.index.StagedObject;
import io.gocacheserver.disk.index.Totals;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The files that belong to rows. A file is moved into place before its row is committed, and deleted after its row's removal
 * is; both by the index's writer, so that they never disagree about which came last.
 *
 * <p>A request that is about to open a file takes a lease of a few seconds first, and looks whether it is there second: a
 * leased file is deleted later.
 */
public final class Blobs {

    private static final Logger log = LoggerFactory.getLogger(Blobs.class);
    private static final long LEASE_NANOS = 5_000_000_000L;

    private final DiskLayout layout;
    private final LongSupplier nanoTime;
    private final Map<OutputId, Long> leases = new ConcurrentHashMap<>();
    private final Queue<Known> postponed = new ConcurrentLinkedQueue<>();
    private final AtomicLong postponedBytes = new AtomicLong();
    private final AtomicLong unknownBytes = new AtomicLong();
    private final Set<Path> toBeDeleted = new HashSet<>(); // the index's writer alone uses it
    private final RateLimitedLog rateLimitedLog = new RateLimitedLog(log, System::nanoTime);

    public Blobs(DiskLayout layout, LongSupplier nanoTime) {
        this.layout = layout;
        this.nanoTime = nanoTime;
    }

    public long withoutRow() {
        return postponedBytes.get() + unknownBytes.get();
    }

    /** Says that there are files of so many bytes whose rows are still to be found. */
    public void unknown(long bytes) {
        unknownBytes.set(Math.max(0, bytes));
    }

    /** Says that one of those has a row now, or is deleted. */
    public void known(long stored) {
        unknownBytes.updateAndGet(bytes -> Math.max(0, bytes - Totals.allocated(stored)));
    }

    /** Keeps an object's blob, if it is there afterwards, until the request has opened it. */
    public void lease(OutputId output) {
        leases.put(output, nanoTime.getAsLong() + LEASE_NANOS);
    }

    public boolean isLeased(Known object) {
        return object.inBlob() && isHeld(leases.get(object.output()));
    }

    private boolean isHeld(@Nullable Long end) {
        return end != null && end - nanoTime.getAsLong() > 0;
    }

    public void tidy() {
        leases.values().removeIf(end -> !isHeld(end));
    }

    public void place(StagedObject object) throws SQLException {
        Path file = object.file();
        if (file == null) {
            return;
        }
        Path blob = layout.blob(object.output(), object.coding());
        try {
            toBeDeleted.remove(blob);
            if (Files.exists(file)) {
                layout.moveIntoPlace(file, blob);
            } else if (Files.size(blob) != object.stored()) { // this is another try
                throw new IOException("%s is not the one that was staged".formatted(blob));
            }
        } catch (IOException e) {
            throw new SQLException("cannot move a blob into place: " + e, e);
        }
    }

    /** Sees to the blob of a staged object that was moved into place, and then got no row after all. */
    public void abandon(StagedObject object) {
        if (object.file() != null && !Files.exists(object.file())) {
            postpone(object.as(0));
        }
    }

    /**
     * Deletes an object's file once the transaction is committed that removes its row; unless, in the same transaction,
     * another one is moved to its place.
     */
    public void deleteAfterCommit(Known object, IndexWriter writer) {
        if (object.inBlob()) {
            Path blob = layout.blob(object.output(), object.coding());
            toBeDeleted.add(blob);
            writer.afterCommit(
                    () -> {
                        if (toBeDeleted.remove(blob)) {
                            delete(object);
                        }
                    });
        }
    }

    /** The same for a damaged file, which is of no use to a request that is about to open it. */
    void deleteDamagedAfterCommit(Known object, IndexWriter writer) {
        if (object.inBlob()) {
            writer.afterCommit(() -> leases.remove(object.output()));
            deleteAfterCommit(object, writer);
        }
    }

    public void deletePostponed(Index index) throws SQLException {
        for (int i = postponed.size(); i > 0; i--) {
            Known object = postponed.peek();
            if (object == null) {
                return;
            }
            index.update(
                    writer -> {
                        Known now = writer.find(object.output());
                        if (now == null || !now.inBlob() || now.coding() != object.coding()) {
                            delete(object);
                        }
                    });
            postponed.poll();
            postponedBytes.addAndGet(-Totals.allocated(object.stored()));
        }
    }

    public boolean isTidy() {
        return postponed.isEmpty();
    }

    /** Deletes a blob, or postpones that if there is a lease: taking one waits meanwhile. */
    private void delete(Known object) {
        Path blob = layout.blob(object.output(), object.coding());
        leases.compute(
                object.output(),
                (output, end) -> {
                    if (isHeld(end)) {
                        postpone(object);
                        return end;
                    }
                    try {
                        Files.deleteIfExists(blob);
                    } catch (IOException e) {
                        rateLimitedLog.warn("[disk] cannot delete %s: %s".formatted(blob, e));
                        postpone(object);
                    }
                    return null;
                });
    }

    private void postpone(Known object) {
        postponedBytes.addAndGet(Totals.allocated(object.stored()));
        postponed.add(object);
    }
}
