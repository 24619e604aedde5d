package io.gocacheserver.disk;

import io.gocacheserver.disk.ObjectRows.Known;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files that belong to rows. A file is moved into place before its row is committed, and deleted after its row's
 * removal is; both by the index's writer, so that a file and its row never disagree about which came last. A file that a
 * request is about to open is deleted later.
 */
final class Blobs {

    private static final Logger log = LoggerFactory.getLogger(Blobs.class);

    private final DiskLayout layout;
    private final Leases leases;
    private final Queue<Known> postponed = new ConcurrentLinkedQueue<>();
    private final AtomicLong postponedBytes = new AtomicLong();

    Blobs(DiskLayout layout, Leases leases) {
        this.layout = layout;
        this.leases = leases;
    }

    /** Space taken by files that have no row any more, in bytes. */
    long postponedBytes() {
        return postponedBytes.get();
    }

    boolean isLeased(Known object) {
        return object.inBlob() && leases.isHeld(object.output());
    }

    /** Moves a staged object's file to where its row will say that it is. To be called by the index's writer. */
    void place(StagedObject object) throws SQLException {
        Path file = object.file();
        if (file == null) {
            return;
        }
        Path blob = layout.blob(object.output(), object.coding());
        try {
            if (Files.exists(file)) { // else this is another try, and it is in place already
                layout.moveIntoPlace(file, blob);
            }
        } catch (IOException e) {
            throw new SQLException("cannot move a blob into place: " + e, e);
        }
    }

    /** Deletes an object's file once the transaction is committed that removes its row. */
    void deleteAfterCommit(Known object, IndexWriter writer) {
        if (object.inBlob()) {
            writer.afterCommit(() -> delete(object));
        }
    }

    /** The same for a damaged file, which is of no use to whoever may be about to open it. */
    void deleteDamagedAfterCommit(Known object, IndexWriter writer) {
        if (object.inBlob()) {
            writer.afterCommit(
                    () -> {
                        leases.end(object.output());
                        delete(object);
                    });
        }
    }

    /** Deletes those files whose time had not come. */
    void deletePostponed(Index index) throws SQLException {
        for (int i = postponed.size(); i > 0; i--) {
            Known object = postponed.poll();
            if (object == null) {
                return;
            }
            postponedBytes.addAndGet(-Totals.allocated(object.stored()));
            index.change(
                    writer -> {
                        Known now = writer.objects().find(object.output());
                        if (now == null || !now.inBlob() || now.coding() != object.coding()) {
                            delete(object);
                        }
                        return true;
                    });
        }
    }

    private void delete(Known object) {
        Path blob = layout.blob(object.output(), object.coding());
        try {
            if (!leases.deleteUnlessHeld(object.output(), blob)) {
                postponedBytes.addAndGet(Totals.allocated(object.stored()));
                postponed.add(object);
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("[disk] cannot delete {}: {}", blob, e.toString());
        }
    }
}
