package io.gocacheserver.disk;

import io.gocacheserver.cache.Content;
import io.gocacheserver.cache.LocalTier.Removed;
import io.gocacheserver.cache.StoreReport.FoundBy;
import io.gocacheserver.disk.ObjectRows.Known;
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
import java.util.ArrayList;
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

    private final DiskLayout layout;
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
            DiskLayout layout,
            Index index,
            Stager stager,
            Blobs blobs,
            StoredContents contents,
            CheckedObjects checked,
            AccessTimes accessTimes,
            Space space,
            UseClock uses) {
        this.layout = layout;
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
            index.removed(List.of(action));
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

    Content put(Entry entry, InputStream body, boolean upload) throws SQLException, IOException {
        return put(entry, body, upload, true);
    }

    /** The same for what another tier had: an action that has been put since keeps what it produced then. */
    Content fill(Entry entry, InputStream body) throws SQLException, IOException {
        return put(entry, body, false, false);
    }

    private Content put(Entry entry, InputStream body, boolean upload, boolean replace)
            throws SQLException, IOException {
        long unixNanos = UnixNanos.of(entry.time());
        try (var room = space.announced(entry.size() + ROW_BYTES);
                StagedObject staged = stage(entry.output(), entry.size(), body, room)) {
            Known object =
                    change(
                            staged,
                            writer -> {
                                Known placed = place(staged, writer);
                                if (!replace
                                        && writer.actions().objectOf(entry.key()).isPresent()) {
                                    writer.putOrphan(placed.id(), uses.next());
                                    return placed;
                                }
                                writer.putAction(
                                        entry.key(),
                                        placed.id(),
                                        unixNanos,
                                        uses.next(),
                                        entry.by());
                                if (upload) {
                                    writer.putUpload(entry.key(), uses.next());
                                }
                                return placed;
                            });
            index.added(entry.key());
            return content(object, staged);
        }
    }

    Content putObject(OutputId output, long size, InputStream body, @Nullable Namespace sender)
            throws SQLException, IOException {
        try (var room = space.announced(size + ROW_BYTES);
                StagedObject staged = stage(output, size, body, room)) {
            Known object =
                    change(
                            staged,
                            writer -> {
                                Known placed = place(staged, writer);
                                writer.putOrphan(placed.id(), uses.next());
                                if (sender != null) {
                                    writer.putSent(placed.id(), sender);
                                }
                                return placed;
                            });
            return content(object, staged);
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
            boolean known =
                    index.change(
                            writer -> {
                                Known object = writer.objects().find(entry.output());
                                if (object == null) {
                                    return false;
                                }
                                writer.putAction(
                                        entry.key(),
                                        object.id(),
                                        unixNanos,
                                        uses.next(),
                                        entry.by());
                                if (upload) {
                                    writer.putUpload(entry.key(), uses.next());
                                }
                                return true;
                            });
            if (known) {
                index.added(entry.key());
            }
            return known;
        }
    }

    Removed remove(ActionKey action) throws SQLException {
        Removed removed =
                index.change(
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
        index.removed(List.of(action));
        return removed;
    }

    Removed remove(OutputId output) throws SQLException {
        Removed removed =
                index.change(
                        writer -> {
                            Known object = writer.objects().find(output);
                            if (object == null) {
                                return new Removed(List.of(), List.of());
                            }
                            List<ActionKey> actions = writer.deleteObject(object);
                            blobs.deleteAfterCommit(object, writer);
                            return new Removed(actions, List.of(output));
                        });
        index.removed(removed.actions());
        return removed;
    }

    /** Removes a namespace's least recently used actions, and objects with their last one; how many bytes those had. */
    long makeRoom(Namespace namespace, long bytes) throws SQLException {
        long freed = 0;
        List<ActionKey> removed;
        do {
            removed = new ArrayList<>();
            List<ActionKey> gone = removed;
            long wanted = bytes - freed;
            freed +=
                    index.change(
                            writer -> {
                                long size = 0;
                                for (ActionKey action :
                                        writer.actions().leastRecentlyUsed(namespace, STEP)) {
                                    if (size >= wanted) {
                                        break;
                                    }
                                    size += remove(action, writer);
                                    gone.add(action);
                                }
                                return size;
                            });
            index.removed(removed);
        } while (freed < bytes && !removed.isEmpty());
        return freed;
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

    private <T> T change(StagedObject staged, GroupCommit.Change<T> change) throws SQLException {
        try {
            return index.change(change);
        } catch (SQLException e) {
            blobs.abandon(staged);
            throw e;
        }
    }

    /** Gives a staged object its row and its place, unless the store has it already, and has it right. */
    private Known place(StagedObject staged, IndexWriter writer) throws SQLException {
        Known known = writer.objects().find(staged.output());
        if (known != null && contents.areIntact(known)) {
            return known;
        }
        blobs.place(staged);
        long id;
        if (known == null) {
            id = writer.insertObject(staged);
        } else {
            id = writer.replaceObject(known, staged);
            writer.afterCommit(index::forgetRows);
            if (known.inBlob() && (staged.file() == null || known.coding() != staged.coding())) {
                blobs.deleteAfterCommit(known, writer);
            }
        }
        writer.afterCommit(() -> checked.add(id));
        return new Known(
                id,
                staged.output(),
                staged.size(),
                staged.stored(),
                staged.coding(),
                staged.file() != null);
    }

    /** What was stored a moment ago, and so will be evicted last. */
    private Content content(Known object, StagedObject staged) throws SQLException, IOException {
        if (object.inBlob()) {
            return new Content.InFile(
                    layout.blob(object.output(), object.coding()),
                    object.stored(),
                    object.coding(),
                    object.size());
        }
        if (staged.data() != null) {
            return new Content.InMemory(staged.data(), staged.coding(), staged.size());
        }
        return find(object.output()).orElseThrow(() -> new IOException("it is gone again"));
    }
}
