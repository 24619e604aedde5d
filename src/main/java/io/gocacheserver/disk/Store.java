package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalCatalogue.Removed;
import io.gocacheserver.cache.tier.ReservingStream;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.disk.blobs.Blobs;
import io.gocacheserver.disk.blobs.DiskLayout;
import io.gocacheserver.disk.blobs.Stager;
import io.gocacheserver.disk.blobs.StoredContents;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexWriter;
import io.gocacheserver.disk.index.IndexWriter.Known;
import io.gocacheserver.disk.index.IndexedAction;
import io.gocacheserver.disk.index.IndexedObject;
import io.gocacheserver.disk.index.StagedObject;
import io.gocacheserver.disk.upkeep.AccessTimes;
import io.gocacheserver.disk.upkeep.Space;
import io.gocacheserver.disk.upkeep.UseClock;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.UnixNanos;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Objects and actions in an open directory ({@link DiskLayout}). Small objects live in their row of the index, others in a
 * blob, which is in place before its row is committed: a row implies a blob. Every object is hashed before this process
 * serves it for the first time, unless it has written it; what is not right then is removed with its actions, and is a miss.
 */
record Store(
        Index index,
        Stager stager,
        Blobs blobs,
        StoredContents contents,
        AccessTimes accessTimes,
        Space space,
        UseClock uses) {

    /** Space that a row takes in the index beside an object's data, roughly. */
    private static final long ROW_BYTES = 1024;

    private static final int STEP = 256; // actions that one transaction removes, at most

    record Found(Entry entry, Content content) {}

    Optional<Found> get(ActionKey action) throws SQLException, IOException {
        Optional<IndexedAction> row = index.find(action);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        IndexedObject object = row.get().object();
        Content content = contents.of(object, FoundBy.GET);
        if (content == null) { // removed since, or just now; or there is another row by now
            row = index.find(action);
            content = row.isPresent() ? contents.of(row.get().object(), FoundBy.GET) : null;
            if (content == null) {
                return Optional.empty();
            }
            object = row.get().object();
        }
        accessTimes.used(action, row.get(), uses);
        Instant time = UnixNanos.toInstant(row.get().unixNanos());
        return Optional.of(
                new Found(
                        new Entry(action, object.output(), object.size(), time, row.get().by()),
                        content));
    }

    Optional<Content> find(OutputId output) throws SQLException, IOException {
        Optional<IndexedObject> row = index.find(output);
        Content content = row.isEmpty() ? null : contents.of(row.get(), FoundBy.GET);
        if (row.isPresent() && content != null) {
            accessTimes.used(row.get().id(), uses);
        }
        return Optional.ofNullable(content);
    }

    /** The same, which does not count as a use. */
    Optional<Content> look(OutputId output) throws SQLException, IOException {
        Optional<IndexedObject> row = index.find(output);
        return Optional.ofNullable(row.isEmpty() ? null : contents.of(row.get(), FoundBy.GET));
    }

    /** Returns the object's row, as the two methods below do. */
    long put(Entry entry, InputStream body, boolean upload) throws SQLException, IOException {
        return put(entry, body, upload, true);
    }

    /** The same for what another tier had: an action that has been put since keeps what it produced then. */
    long fill(Entry entry, InputStream body) throws SQLException, IOException {
        return put(entry, body, false, false);
    }

    private long put(Entry entry, InputStream body, boolean upload, boolean replace)
            throws SQLException, IOException {
        return stage(
                entry.output(),
                entry.size(),
                body,
                (writer, object) -> {
                    if (replace || writer.objectOf(entry.key()) == 0) {
                        putAction(entry, object, upload, writer);
                    } else {
                        writer.putOrphan(object, uses.next());
                    }
                });
    }

    long putObject(OutputId output, long size, InputStream body, @Nullable Namespace sender)
            throws SQLException, IOException {
        return stage(
                output,
                size,
                body,
                (writer, object) -> {
                    writer.putOrphan(object, uses.next());
                    if (sender != null) {
                        writer.putSent(object, sender);
                    }
                });
    }

    private interface Linking {
        void link(IndexWriter writer, long object) throws SQLException;
    }

    private long stage(OutputId output, long size, InputStream body, Linking linking)
            throws SQLException, IOException {
        try (var room = space.announced(size + ROW_BYTES)) {
            room.more(ROW_BYTES);
            try (var staged = stager.stage(output, size, new ReservingStream(body, room, size))) {
                try {
                    return index.change(
                            writer -> {
                                long placed = place(staged, writer);
                                linking.link(writer, placed);
                                return placed;
                            });
                } catch (SQLException e) {
                    blobs.abandon(staged);
                    throw e;
                }
            }
        }
    }

    boolean putAction(Entry entry, boolean upload) throws SQLException, IOException {
        try (var _ = space.reserve(ROW_BYTES)) {
            return index.change(
                    writer -> {
                        Known object = writer.find(entry.output());
                        if (object != null) {
                            putAction(entry, object.id(), upload, writer);
                        }
                        return object != null;
                    });
        }
    }

    private void putAction(Entry entry, long object, boolean upload, IndexWriter writer)
            throws SQLException {
        writer.putAction(entry.key(), object, UnixNanos.of(entry.time()), uses.next(), entry.by());
        if (upload) {
            writer.putUpload(entry.key(), uses.next());
        }
    }

    Removed remove(ActionKey action) throws SQLException {
        return index.change(
                writer -> {
                    boolean known = writer.objectOf(action) != 0;
                    Known object = writer.deleteAction(action);
                    if (object != null) {
                        blobs.deleteAfterCommit(object, writer);
                    }
                    return new Removed(
                            known ? List.of(action) : List.of(),
                            object == null ? List.of() : List.of(object.output()));
                });
    }

    Removed remove(OutputId output) throws SQLException {
        return index.change(
                writer -> {
                    Known object = writer.find(output);
                    if (object == null) {
                        return new Removed(List.of(), List.of());
                    }
                    List<ActionKey> actions = writer.deleteObject(object);
                    blobs.deleteAfterCommit(object, writer);
                    return new Removed(actions, List.of(output));
                });
    }

    /**
     * Removes objects that were sent for a namespace without an action, then its least recently used actions, and objects
     * with their last one; how many bytes those had.
     */
    long makeRoom(Namespace namespace, long bytes) throws SQLException {
        long freed = 0;
        Room step;
        do {
            long wanted = bytes - freed;
            step = index.change(writer -> makeRoom(namespace, wanted, writer));
            freed += step.bytes();
        } while (freed < bytes && step.rows() > 0);
        return freed;
    }

    private record Room(int rows, long bytes) {}

    private Room makeRoom(Namespace namespace, long wanted, IndexWriter writer)
            throws SQLException {
        long size = 0;
        int rows = 0;
        for (long row : writer.sentFor(namespace, STEP)) {
            Known object = writer.find(row);
            if (size >= wanted || object == null) {
                break;
            }
            if (writer.deleteSent(object, namespace)) {
                blobs.deleteAfterCommit(object, writer);
            }
            size += object.size();
            rows++;
        }
        if (rows == STEP) {
            return new Room(rows, size);
        }
        for (ActionKey action : writer.uses().leastRecentlyUsed(namespace, STEP)) {
            if (size >= wanted) {
                break;
            }
            size += remove(action, writer);
            rows++;
        }
        return new Room(rows, size);
    }

    private long remove(ActionKey action, IndexWriter writer) throws SQLException {
        Known known = writer.find(writer.objectOf(action));
        Known last = writer.deleteAction(action);
        if (last != null) {
            blobs.deleteAfterCommit(last, writer);
        }
        return known == null ? 0 : known.size();
    }

    /** Hashes an object again, and removes it if it is damaged; whether it is there and right. */
    boolean recheck(OutputId output, FoundBy by) throws SQLException, IOException {
        Optional<IndexedObject> row = index.find(output);
        row.ifPresent(object -> contents.checked().remove(object.id()));
        return row.isPresent() && contents.of(row.get(), by) != null;
    }

    /** Gives a staged object its row and its place, unless the store has it already, and has it right. */
    private long place(StagedObject staged, IndexWriter writer) throws SQLException {
        Known known = writer.find(staged.output());
        if (known != null && contents.areIntact(known)) {
            return known.id();
        }
        blobs.place(staged);
        long id;
        if (known == null) {
            id = writer.insertObject(staged);
        } else {
            id = writer.replaceObject(known, staged);
            if (known.inBlob() && (staged.file() == null || known.coding() != staged.coding())) {
                blobs.deleteAfterCommit(known, writer);
            }
        }
        writer.afterCommit(() -> contents.checked().add(id));
        return id;
    }
}
