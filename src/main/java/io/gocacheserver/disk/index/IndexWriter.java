package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.PendingUploads.Backlog;
import io.gocacheserver.disk.index.ObjectRows.Known;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The changes of the index, made so that its tables always agree: an object is there for as long as an action leads to
 * it, or as an orphan; a pending upload pins its action; the totals are true. It runs inside a transaction that the caller
 * begins and ends. After each commit, and before any caller learns of it, the copies in memory follow: {@link
 * HotRows} and {@link KnownActions}. Used by one thread.
 */
public final class IndexWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(IndexWriter.class);

    private final Connection connection;
    private final IndexNames names;
    private final HotRows hot;
    private final KnownActions known;
    private IndexStatements statements;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private Totals committed;
    private Totals totals;
    private long lastObject;
    private long uploadCount;
    private long committedUploadCount;
    private Backlog backlog;

    /**
     * Takes over a connection whose index has its tables.
     *
     * @param hot told what is no longer true, after each commit
     * @param known told what was added, after each commit
     */
    IndexWriter(Connection connection, IndexNames names, HotRows hot, KnownActions known)
            throws SQLException {
        this.connection = connection;
        this.names = names;
        this.hot = hot;
        this.known = known;
        statements = new IndexStatements(connection, names, afterCommit::add);
        connection.setAutoCommit(false);
        committed = statements.totals();
        totals = committed;
        lastObject = objects().last();
        uploadCount = uploads().count();
        committedUploadCount = uploadCount;
        backlog = uploads().backlog(uploadCount);
        connection.rollback();
    }

    /** Totals as of the last commit. */
    Totals committed() {
        return committed;
    }

    /** Pending uploads as of the last commit. */
    Backlog backlog() {
        return backlog;
    }

    public ObjectRows objects() {
        return statements.objects();
    }

    public ActionRows actions() {
        return statements.actions();
    }

    private UploadRows uploads() {
        return statements.uploads();
    }

    public IndexNotes notes() {
        return statements.notes();
    }

    /** Has something done when the transaction is committed; not, if it is rolled back. */
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    /** Adds an object, which nothing leads to yet: the caller must add an action, or an orphan. Returns its row. */
    public long insertObject(StagedObject object) throws SQLException {
        long id = ++lastObject;
        objects().insert(id, object);
        totals = totals.plusObject(1, object.size(), object.stored(), object.data() == null);
        return id;
    }

    /**
     * Gives an object a new row, since the old one was damaged or may be. Rows are never used twice by one process, so
     * that nobody takes the one for the other. Returns the new row.
     */
    public long replaceObject(Known old, StagedObject object) throws SQLException {
        objects().delete(old.id());
        totals = totals.plusObject(-1, old.size(), old.stored(), old.inBlob());
        long id = insertObject(object);
        actions().repoint(old.id(), id);
        statements.names().repointSent(old.id(), id);
        afterCommit.add(hot::forgetAll);
        return id;
    }

    /** Adds an action, or replaces what it produced; an object that lost its last action by that becomes an orphan. */
    public void putAction(ActionKey action, long object, long unixNanos, long used, Provenance by)
            throws SQLException {
        OptionalLong before = actions().objectOf(action);
        actions().put(action, object, unixNanos, used, by);
        actions().deleteOrphan(object);
        Namespace namespace = action.namespace();
        count(namespace, object, 1);
        removeSent(object, namespace);
        if (before.isPresent()) {
            count(namespace, before.getAsLong(), -1);
        }
        if (before.isEmpty()) {
            totals = totals.plusActions(1);
        } else if (before.getAsLong() != object) {
            putOrphan(before.getAsLong(), used);
            if (actions().isOrphan(before.getAsLong())) {
                putSent(before.getAsLong(), namespace);
            }
        }
        afterCommit.add(
                () -> {
                    known.add(action, committed.actions());
                    hot.forget(action);
                });
    }

    /** Makes an object an orphan if no action leads to it. */
    public void putOrphan(long object, long used) throws SQLException {
        if (actions().leadingTo(object, 1).isEmpty()) {
            actions().insertOrphan(object, used);
        }
    }

    /** Counts an object for the namespace for which it was sent, unless an action of the namespace leads to it. */
    public void putSent(long object, Namespace sender) throws SQLException {
        long id = statements.keys().ensure(sender);
        if (!actions().leads(id, object) && statements.names().addSent(object, id)) {
            count(sender, object, 1);
        }
    }

    /** Objects that were sent for a namespace without an action, the oldest first. */
    public List<Long> sentFor(Namespace sender, int max) throws SQLException {
        return statements.names().sentFor(sender, max);
    }

    /**
     * Forgets that an object was sent for a namespace, and removes it if nothing else is known of it.
     *
     * @return whether it was removed
     */
    public boolean deleteSent(Known object, Namespace sender) throws SQLException {
        removeSent(object.id(), sender);
        boolean last = actions().isOrphan(object.id()) && !statements.names().isSent(object.id());
        if (last) {
            deleteObject(object);
        }
        return last;
    }

    private void removeSent(long object, Namespace sender) throws SQLException {
        if (statements.names().deleteSent(object, statements.keys().ensure(sender))) {
            count(sender, object, -1);
        }
    }

    /** Queues the upload of an action that the index has, and pins it. */
    public void putUpload(ActionKey action, long used) throws SQLException {
        if (uploads().put(action, used / 1000)) {
            uploadCount++;
        }
        actions().pin(action, true, used);
    }

    /** Forgets an upload, unless a later one has replaced it. */
    public void deleteUpload(long sequence, ActionKey action, long used) throws SQLException {
        if (uploads().delete(sequence, action)) {
            uploadCount--;
            actions().pin(action, false, used);
        }
    }

    public void postponeUpload(long sequence, ActionKey action, int attempts, long notBeforeMillis)
            throws SQLException {
        uploads().postpone(sequence, action, attempts, notBeforeMillis);
    }

    /**
     * Removes an action and its upload, and its object if no other action leads to that.
     *
     * @return the object that was removed with it, or null
     */
    public @Nullable Known deleteAction(ActionKey action) throws SQLException {
        OptionalLong object = actions().objectOf(action);
        if (object.isEmpty()) {
            return null;
        }
        deleteActionRow(action, object.getAsLong());
        boolean last =
                actions().leadingTo(object.getAsLong(), 1).isEmpty()
                        && !actions().isOrphan(object.getAsLong());
        Known known = last ? objects().find(object.getAsLong()) : null;
        if (known != null) {
            deleteObjectRow(known);
        }
        return known;
    }

    /**
     * Removes an object, every action that leads to it, and their uploads.
     *
     * @return those actions
     */
    public List<ActionKey> deleteObject(Known object) throws SQLException {
        List<ActionKey> leading = actions().leadingTo(object.id(), Integer.MAX_VALUE);
        for (ActionKey action : leading) {
            deleteActionRow(action, object.id());
        }
        actions().deleteOrphan(object.id());
        deleteObjectRow(object);
        return leading;
    }

    void commit() throws SQLException {
        if (!totals.equals(committed)) {
            statements.setTotals(totals);
        }
        Backlog next = uploadCount == 0 ? new Backlog(0, null) : uploads().backlog(uploadCount);
        connection.commit();
        committed = totals;
        committedUploadCount = uploadCount;
        backlog = next;
        afterCommit.forEach(Runnable::run);
        afterCommit.clear();
    }

    void rollback() throws SQLException {
        totals = committed;
        uploadCount = committedUploadCount;
        afterCommit.clear();
        try {
            connection.rollback();
        } catch (SQLException e) {
            beginAgain();
        }
        // After some failures the driver has closed the statement that failed.
        statements.close();
        statements = new IndexStatements(connection, names, afterCommit::add);
    }

    /**
     * After some failures, such as a full disk, SQLite has rolled back by itself; the driver does not notice, and would
     * never begin another transaction.
     */
    private void beginAgain() throws SQLException {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            log.debug("there is nothing to commit", e);
        }
        connection.setAutoCommit(false);
    }

    /**
     * Gives free pages back to the file system; to be called inside a transaction of its own.
     *
     * @param maxFree pages that may stay free
     * @param maxMoved pages to give back in this step, at most
     */
    public Pages vacuum(long maxFree, int maxMoved) throws SQLException {
        long free = notes().pragma("freelist_count");
        if (free > maxFree) {
            notes().vacuum((int) Math.min(maxMoved, free - maxFree));
            free = notes().pragma("freelist_count");
        }
        return new Pages(notes().pragma("page_count"), free);
    }

    /**
     * The index's pages.
     *
     * @param free those of them that hold nothing
     */
    public record Pages(long count, long free) {}

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private void deleteActionRow(ActionKey action, long object) throws SQLException {
        count(action.namespace(), object, -1);
        if (actions().delete(action)) {
            totals = totals.plusActions(-1);
        }
        if (uploads().deleteAny(action)) {
            uploadCount--;
        }
        afterCommit.add(() -> hot.forget(action));
    }

    /** Counts an object for a namespace, or no more. Of global the totals tell. */
    private void count(Namespace namespace, long object, int sign) throws SQLException {
        if (namespace.isGlobal()) {
            return;
        }
        Known known = objects().find(object);
        if (known != null) {
            statements.names().addBytes(namespace, sign * known.size());
        }
    }

    private void deleteObjectRow(Known object) throws SQLException {
        objects().delete(object.id());
        statements.names().deleteSent(object);
        totals = totals.plusObject(-1, object.size(), object.stored(), object.inBlob());
    }
}
