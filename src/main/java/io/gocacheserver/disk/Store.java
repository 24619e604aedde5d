package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalRemoval.Removed;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.disk.blobs.Blobs;
import io.gocacheserver.disk.blobs.CheckedObjects;
import io.gocacheserver.disk.blobs.DiskLayout;
import io.gocacheserver.disk.blobs.Stager;
import io.gocacheserver.disk.blobs.StoredContents;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexWriter;
import io.gocacheserver.disk.index.IndexedAction;
import io.gocacheserver.disk.index.IndexedObject;
import io.gocacheserver.disk.index.ObjectRows.Known;
import io.gocacheserver.disk.index.StagedObject;
import io.gocacheserver.disk.upkeep.AccessTimes;
import io.gocacheserver.disk.upkeep.ReservingStream;
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
import java.util.OptionalLong;

/**
 * Objects and actions in an open directory ({@link DiskLayout}). Small objects live in their row of the index, others in a
 * blob, which is whole and in place before its row is committed: so a row implies a blob. Every object is hashed before
 * this process serves it for the first time, unless the process has written it; what is not right then, or not there, is
 * removed with the actions that lead to it, and is a miss.
 */
final class Store {

    /** Space that a row takes in the index beside an object's data, roughly. */
    private static final long ROW_BYTES = 1024;

    /** Actions that one transaction removes, at most. */
    private static final int STEP = 256;

    private final Index index;
    private final Stager stager;
    private final Blobs blobs;
    private final StoredContents contents;
    private final CheckedObjects checked;
    private final AccessTimes accessTimes;
    private final Space space;
    private final UseClock uses;

    /** An action that was found, with its object's bytes at hand. */
    record Found(Entry entry, Content content) {}

    Store(
            Index index,
            Stager stager,
            Blobs blobs,
            StoredContents contents,
            CheckedObjects checked,
            AccessTimes accessTimes,
            Space space,
            UseClock uses) {
        this.index = index;
        this.stager = stager;
        this.blobs = blobs;
        this.contents = contents;
        this.checked = checked;
        this.accessTimes = accessTimes;
        this.space = space;
        this.uses = uses;
    }

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
        if (row.isEmpty()) {
            return Optional.empty();
        }
        Content content = contents.of(row.get(), FoundBy.GET);
        if (content != null) {
            accessTimes.used(row.get().id(), uses);
        }
        return Optional.ofNullable(content);
    }

    /** The same, which does not count as a use. */
    Optional<Content> look(OutputId output) throws SQLException, IOException {
        Optional<IndexedObject> row = index.find(output);
        return row.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(contents.of(row.get(), FoundBy.GET));
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
        long unixNanos = UnixNanos.of(entry.time());
        try (var room = space.announced(entry.size() + ROW_BYTES);
                StagedObject staged = stage(entry.output(), entry.size(), body, room)) {
            return change(
                    staged,
                    writer -> {
                        long placed = place(staged, writer);
                        if (!replace && writer.actions().objectOf(entry.key()).isPresent()) {
                            writer.putOrphan(placed, uses.next());
                            return placed;
                        }
                        writer.putAction(entry.key(), placed, unixNanos, uses.next(), entry.by());
                        if (upload) {
                            writer.putUpload(entry.key(), uses.next());
                        }
                        return placed;
                    });
        }
    }

    long putObject(OutputId output, long size, InputStream body, @Nullable Namespace sender)
            throws SQLException, IOException {
        try (var room = space.announced(size + ROW_BYTES);
                StagedObject staged = stage(output, size, body, room)) {
            return change(
                    staged,
                    writer -> {
                        long placed = place(staged, writer);
                        writer.putOrphan(placed, uses.next());
                        if (sender != null) {
                            writer.putSent(placed, sender);
                        }
                        return placed;
                    });
        }
    }

    private StagedObject stage(OutputId output, long size, InputStream body, Space.Reservation room)
            throws IOException {
        room.more(ROW_BYTES);
        return stager.stage(output, size, new ReservingStream(body, room, size));
    }

    boolean putAction(Entry entry, boolean upload) throws SQLException, IOException {
        long unixNanos = UnixNanos.of(entry.time());
        try (var _ = space.reserve(ROW_BYTES)) {
            return index.change(
                    writer -> {
                        Known object = writer.objects().find(entry.output());
                        if (object == null) {
                            return false;
                        }
                        writer.putAction(
                                entry.key(), object.id(), unixNanos, uses.next(), entry.by());
                        if (upload) {
                            writer.putUpload(entry.key(), uses.next());
                        }
                        return true;
                    });
        }
    }

    Removed remove(ActionKey action) throws SQLException {
        return index.change(
                writer -> {
                    if (writer.actions().objectOf(action).isEmpty()) {
                        return new Removed(List.of(), List.of());
                    }
                    Known object = writer.deleteAction(action);
                    if (object == null) {
                        return new Removed(List.of(action), List.of());
                    }
                    blobs.deleteAfterCommit(object, writer);
                    return new Removed(List.of(action), List.of(object.output()));
                });
    }

    Removed remove(OutputId output) throws SQLException {
        return index.change(
                writer -> {
                    Known object = writer.objects().find(output);
                    if (object == null) {
                        return new Removed(List.of(), List.of());
                    }
                    List<ActionKey> actions = writer.deleteObject(object);
                    blobs.deleteAfterCommit(object, writer);
                    return new Removed(actions, List.of(output));
                });
    }

    /**
     * Removes objects that were sent for a namespace without an action, then its least recently used actions, and objects with
     * their last one; how many bytes those had.
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

    /** What one transaction has removed. */
    private record Room(int rows, long bytes) {}

    private Room makeRoom(Namespace namespace, long wanted, IndexWriter writer)
            throws SQLException {
        long size = 0;
        int rows = 0;
        for (long row : writer.sentFor(namespace, STEP)) {
            Known object = writer.objects().find(row);
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
        for (ActionKey action : writer.actions().leastRecentlyUsed(namespace, STEP)) {
            if (size >= wanted) {
                break;
            }
            size += remove(action, writer);
            rows++;
        }
        return new Room(rows, size);
    }

    private long remove(ActionKey action, IndexWriter writer) throws SQLException {
        OptionalLong row = writer.actions().objectOf(action);
        Known known = row.isEmpty() ? null : writer.objects().find(row.getAsLong());
        Known last = writer.deleteAction(action);
        if (last != null) {
            blobs.deleteAfterCommit(last, writer);
        }
        return known == null ? 0 : known.size();
    }

    /** Hashes an object again, and removes it if it is damaged. */
    void recheck(OutputId output, FoundBy by) throws SQLException, IOException {
        Optional<IndexedObject> row = index.find(output);
        if (row.isPresent()) {
            checked.remove(row.get().id());
            Content ignored = contents.of(row.get(), by);
        }
    }

    private <T> T change(StagedObject staged, Index.Change<T> change) throws SQLException {
        try {
            return index.change(change);
        } catch (SQLException e) {
            blobs.abandon(staged);
            throw e;
        }
    }

    /** Gives a staged object its row and its place, unless the store has it already, and has it right. */
    private long place(StagedObject staged, IndexWriter writer) throws SQLException {
        Known known = writer.objects().find(staged.output());
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
        writer.afterCommit(() -> checked.add(id));
        return id;
    }
}
