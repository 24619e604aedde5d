package io.gocacheserver.disk.blobs;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexWriter.Known;
import io.gocacheserver.disk.index.IndexedObject;
import io.gocacheserver.model.ActionKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * From an object's row to its bytes: with a lease, if they are in a file, and hashed first, if this process has not seen yet
 * that they are right. Objects that are damaged or missing are removed, with the actions that lead to them.
 */
public final class StoredContents {

    private static final int CHECK_LOCKS = 64;
    private static final int LOGGED_ACTIONS = 3;

    private final RateLimitedLog rateLimitedLog =
            new RateLimitedLog(LoggerFactory.getLogger(StoredContents.class), System::nanoTime);
    private final DiskLayout layout;
    private final Index index;
    private final Blobs blobs;
    private final StoreCounters counters;
    private final CheckedObjects checked = new CheckedObjects();
    private final Object[] checkLocks = new Object[CHECK_LOCKS];

    public StoredContents(DiskLayout layout, Index index, Blobs blobs, StoreCounters counters) {
        this.layout = layout;
        this.index = index;
        this.blobs = blobs;
        this.counters = counters;
        for (int i = 0; i < CHECK_LOCKS; i++) {
            checkLocks[i] = new Object();
        }
    }

    public CheckedObjects checked() {
        return checked;
    }

    /** Whether what a row says is known to be right. Only looks, and hashes nothing. */
    public boolean areIntact(Known known) {
        return checked.contains(known.id())
                && (!known.inBlob()
                        || layout.blob(known.output(), known.coding()).toFile().length()
                                == known.stored());
    }

    /** An object's bytes; null if they are not there or not right, after which the object is no longer in the index. */
    public @Nullable Content of(IndexedObject object, FoundBy by) throws SQLException, IOException {
        Content content = content(object);
        if (content instanceof Content.InFile inFile) {
            blobs.lease(object.output());
            try {
                long length = Files.size(inFile.path());
                if (length != object.stored()) {
                    remove(
                            object,
                            "its blob has %d bytes, not %d".formatted(length, object.stored()),
                            by);
                    return null;
                }
            } catch (NoSuchFileException e) {
                removeMissing(object, by);
                return null;
            }
        }
        if (checked.contains(object.id())) {
            return content;
        }
        synchronized (checkLocks[(int) (object.id() % CHECK_LOCKS)]) { // one check for all requests
            return checked.contains(object.id()) || check(object, by, bytes -> {}) ? content : null;
        }
    }

    /**
     * Hashes an object, and removes it if it is not right.
     *
     * @throws IOException if that cannot be said, since the disk cannot be read
     */
    public <X extends Exception> boolean check(
            IndexedObject object, FoundBy by, ObjectCheck.Pace<X> pace)
            throws SQLException, IOException, X {
        try {
            String fault = ObjectCheck.fault(object.output(), content(object), pace);
            if (fault == null) {
                checked.add(object.id());
                return true;
            }
            remove(object, fault, by);
        } catch (NoSuchFileException e) {
            removeMissing(object, by);
        }
        return false;
    }

    public void report(FoundBy by, String what) {
        counters.damaged(by);
        rateLimitedLog.warn(
                "[disk] found by %s: %s".formatted(by.name().toLowerCase(Locale.ROOT), what));
    }

    private Content content(IndexedObject object) {
        byte[] data = object.data();
        return data != null
                ? new Content.InMemory(data, object.coding(), object.size())
                : new Content.InFile(
                        layout.blob(object.output(), object.coding()),
                        object.stored(),
                        object.coding(),
                        object.size());
    }

    /** Removes a damaged object, unless the index knows it otherwise by now. */
    private void remove(IndexedObject object, String fault, FoundBy by) throws SQLException {
        Optional<List<ActionKey>> removed =
                index.change(
                        writer -> {
                            Known now = writer.find(object.output());
                            if (now == null || !isSame(now, object)) {
                                return Optional.empty();
                            }
                            checked.remove(now.id());
                            List<ActionKey> actions = writer.deleteObject(now);
                            blobs.deleteDamagedAfterCommit(now, writer);
                            return Optional.of(actions);
                        });
        removed.ifPresent(
                actions ->
                        report(
                                by,
                                "object %s is damaged: %s; removed, with %d actions: %s%s"
                                        .formatted(
                                                object.output(),
                                                fault,
                                                actions.size(),
                                                actions.stream().limit(LOGGED_ACTIONS).toList(),
                                                actions.size() > LOGGED_ACTIONS
                                                        ? " and others"
                                                        : "")));
    }

    /** The same for an object whose blob is missing, unless there is one by now. */
    private void removeMissing(IndexedObject object, FoundBy by) throws SQLException, IOException {
        if (!layout.isStillThere()) {
            throw new IOException(layout.root() + " is gone, or another one is in its place");
        }
        if (!Files.exists(layout.blob(object.output(), object.coding()))) {
            remove(object, "its blob is missing", by);
        }
    }

    private static boolean isSame(Known now, IndexedObject object) {
        return now.id() == object.id()
                && now.stored() == object.stored()
                && now.coding() == object.coding()
                && now.inBlob() == (object.data() == null);
    }
}
