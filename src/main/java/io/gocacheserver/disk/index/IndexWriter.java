package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.PendingUploads.Backlog;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The changes of the index, made so that its tables always agree: an object is there for as long as an action leads to it, or
 * as an orphan; a pending upload pins its action; the totals are true. It runs inside a transaction of the caller. After each
 * commit, before any caller learns of it, {@link HotRows} and {@link KnownActions} follow. Used by one thread, but for what
 * is said of the last commit.
 */
public final class IndexWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(IndexWriter.class);
    private static final String KNOWN =
            "SELECT id, output_id, size, stored, coding, data IS NULL FROM object WHERE ";

    public record Known(
            long id, OutputId output, long size, long stored, Coding coding, boolean inBlob) {

        private static Known of(ResultSet row) throws SQLException {
            return new Known(
                    row.getLong(1),
                    OutputId.of(row.getBytes(2)),
                    row.getLong(3),
                    row.getLong(4),
                    IndexedObject.coding(row.getInt(5)),
                    row.getBoolean(6));
        }
    }

    private final Connection connection;
    private final Sql sql;
    private final IndexNotes notes;
    private final RowKeys keys;
    private final UseOrder uses;
    private final HotRows hot;
    private final KnownActions known;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private volatile Totals committed;
    private Totals totals;
    private long lastObject;
    private long uploadCount;
    private long committedUploadCount;
    private volatile Backlog backlog;

    IndexWriter(Connection connection, HotRows hot, KnownActions known) throws SQLException {
        this.connection = connection;
        this.sql = new Sql(connection);
        this.notes = new IndexNotes(sql);
        this.keys = new RowKeys(sql, new IndexNames());
        this.uses = new UseOrder(sql, keys);
        this.hot = hot;
        this.known = known;
        connection.setAutoCommit(false);
        committed = Totals.read(sql);
        totals = committed;
        lastObject = sql.number(0, "SELECT max(id) FROM object");
        uploadCount = sql.number(0, "SELECT count(*) FROM upload");
        committedUploadCount = uploadCount;
        backlog = readBacklog();
        connection.rollback();
    }

    Totals committed() {
        return committed;
    }

    Backlog backlog() {
        return backlog;
    }

    public IndexNotes notes() {
        return notes;
    }

    public UseOrder uses() {
        return uses;
    }

    /** Has something done when the transaction is committed; not, if it is rolled back. */
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    public @Nullable Known find(OutputId output) throws SQLException {
        return sql.first(KNOWN + "output_id = ?", Known::of, output.bytes()).orElse(null);
    }

    public @Nullable Known find(long object) throws SQLException {
        return sql.first(KNOWN + "id = ?", Known::of, object).orElse(null);
    }

    public long objectOf(ActionKey action) throws SQLException {
        return keys.objectOf(action);
    }

    /** Adds an object, which nothing leads to yet: the caller must add an action, or an orphan. Returns its row. */
    public long insertObject(StagedObject object) throws SQLException {
        long id = ++lastObject;
        sql.update(
                "INSERT INTO object (id, output_id, size, stored, coding, data) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                object.output().bytes(),
                object.size(),
                object.stored(),
                IndexedObject.column(object.coding()),
                object.data());
        totals = totals.plusObject(1, object.as(id));
        return id;
    }

    /**
     * Gives an object a new row, since the old one was damaged or may be. Rows are never used twice by one process, so that
     * nobody takes the one for the other. Returns the new row.
     */
    public long replaceObject(Known old, StagedObject object) throws SQLException {
        sql.update("DELETE FROM object WHERE id = ?", old.id());
        totals = totals.plusObject(-1, old);
        long id = insertObject(object);
        sql.update("UPDATE action SET object = ? WHERE object = ?", id, old.id());
        sql.update("UPDATE orphan SET object = ? WHERE object = ?", id, old.id());
        sql.update("UPDATE sent SET object = ? WHERE object = ?", id, old.id());
        afterCommit.add(hot::forgetAll);
        return id;
    }

    /** Adds an action, or replaces what it produced; an object that lost its last action by that becomes an orphan. */
    public void putAction(ActionKey action, long object, long unixNanos, long used, Provenance by)
            throws SQLException {
        Namespace namespace = action.namespace();
        long before = objectOf(action);
        sql.update(
                """
                INSERT INTO action (namespace, action_id, object, time, used, pinned, writer)
                VALUES (?, ?, ?, ?, ?, 0, ?)
                ON CONFLICT (namespace, action_id) DO UPDATE
                SET object = excluded.object, time = excluded.time, used = excluded.used,
                    writer = excluded.writer
                """,
                keys.ensure(namespace),
                action.action().bytes(),
                object,
                unixNanos,
                used,
                keys.ensure(by));
        deleteOrphan(object);
        count(namespace, object, 1);
        removeSent(object, namespace);
        if (before == 0) {
            totals = totals.plusActions(1);
        } else {
            count(namespace, before, -1);
            if (before != object) {
                putOrphan(before, used);
                if (isOrphan(before)) {
                    putSent(before, namespace);
                }
            }
        }
        afterCommit.add(
                () -> {
                    known.add(action);
                    hot.forget(action);
                });
    }

    public void putOrphan(long object, long used) throws SQLException {
        if (!isLedTo(object)) {
            sql.update("INSERT OR REPLACE INTO orphan (object, used) VALUES (?, ?)", object, used);
        }
    }

    public void deleteOrphan(long object) throws SQLException {
        sql.update("DELETE FROM orphan WHERE object = ?", object);
    }

    /** Counts an object for the namespace for which it was sent, unless an action of the namespace leads to it. */
    public void putSent(long object, Namespace sender) throws SQLException {
        long id = keys.ensure(sender);
        String leads = "SELECT 1 FROM action WHERE object = ? AND namespace = ? LIMIT 1";
        String insert = "INSERT OR IGNORE INTO sent (object, namespace) VALUES (?, ?)";
        if (!sql.exists(leads, object, id) && sql.update(insert, object, id) > 0) {
            count(sender, object, 1);
        }
    }

    public List<Long> sentFor(Namespace sender, int max) throws SQLException {
        return sql.list(
                "SELECT object FROM sent WHERE namespace = ? ORDER BY object LIMIT ?",
                row -> row.getLong(1),
                keys.number(sender),
                max);
    }

    /** Forgets that an object was sent for a namespace, and removes it if nothing else is known of it. */
    public boolean deleteSent(Known object, Namespace sender) throws SQLException {
        removeSent(object.id(), sender);
        boolean last =
                isOrphan(object.id())
                        && !sql.exists("SELECT 1 FROM sent WHERE object = ? LIMIT 1", object.id());
        if (last) {
            deleteObject(object);
        }
        return last;
    }

    /** Queues the upload of an action that the index has, in place of an earlier one, and pins it. */
    public void putUpload(ActionKey action, long used) throws SQLException {
        removeUpload(action);
        sql.update(
                "INSERT INTO upload (namespace, action_id, since, attempts, not_before) VALUES (?, ?, ?, 0, 0)",
                keys.number(action.namespace()),
                action.action().bytes(),
                used / 1000);
        uploadCount++;
        pin(action, true, used);
    }

    public void deleteUpload(long sequence, ActionKey action, long used) throws SQLException {
        int rows =
                sql.update(
                        "DELETE FROM upload WHERE sequence = ? AND namespace = ? AND action_id = ?",
                        sequence,
                        keys.number(action.namespace()),
                        action.action().bytes());
        if (rows > 0) {
            uploadCount--;
            pin(action, false, used);
        }
    }

    public void postponeUpload(long sequence, ActionKey action, int attempts, long notBeforeMillis)
            throws SQLException {
        sql.update(
                """
                UPDATE upload SET attempts = ?, not_before = ?
                WHERE sequence = ? AND namespace = ? AND action_id = ?
                """,
                attempts,
                notBeforeMillis,
                sequence,
                keys.number(action.namespace()),
                action.action().bytes());
    }

    /**
     * Removes an action and its upload, and its object if no other action leads to that.
     *
     * @return the object that was removed with it, or null
     */
    public @Nullable Known deleteAction(ActionKey action) throws SQLException {
        long object = objectOf(action);
        if (object == 0) {
            return null;
        }
        deleteActionRow(action, object);
        Known last = isLedTo(object) || isOrphan(object) ? null : find(object);
        if (last != null) {
            deleteObjectRow(last);
        }
        return last;
    }

    public List<ActionKey> deleteObject(Known object) throws SQLException {
        List<ActionKey> leading =
                sql.list(
                        "SELECT namespace, action_id FROM action WHERE object = ?",
                        keys::key,
                        object.id());
        for (ActionKey action : leading) {
            deleteActionRow(action, object.id());
        }
        deleteOrphan(object.id());
        deleteObjectRow(object);
        return leading;
    }

    void commit() throws SQLException {
        if (!totals.equals(committed)) {
            totals.write(sql);
        }
        Backlog next = readBacklog();
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
        keys.names().clear();
        try {
            connection.rollback();
        } catch (SQLException e) {
            beginAgain();
        }
        sql.close(); // after some failures the driver has closed the statement that failed
    }

    /**
     * After some failures, such as a full disk, SQLite has rolled back by itself; the driver does not notice, and would never
     * begin another transaction.
     */
    private void beginAgain() throws SQLException {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            log.debug("there is nothing to commit", e);
        }
        connection.setAutoCommit(false);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private void deleteActionRow(ActionKey action, long object) throws SQLException {
        count(action.namespace(), object, -1);
        if (keys.update(action, "DELETE FROM action")) {
            totals = totals.plusActions(-1);
        }
        removeUpload(action);
        afterCommit.add(() -> hot.forget(action));
    }

    private void deleteObjectRow(Known object) throws SQLException {
        sql.update("DELETE FROM object WHERE id = ?", object.id());
        sql.update(
                """
                UPDATE namespace SET bytes = bytes - ?
                WHERE id > 0 AND id IN (SELECT namespace FROM sent WHERE object = ?)
                """,
                object.size(),
                object.id());
        sql.update("DELETE FROM sent WHERE object = ?", object.id());
        totals = totals.plusObject(-1, object);
    }

    private void removeSent(long object, Namespace sender) throws SQLException {
        long id = keys.ensure(sender);
        if (sql.update("DELETE FROM sent WHERE object = ? AND namespace = ?", object, id) > 0) {
            count(sender, object, -1);
        }
    }

    private void removeUpload(ActionKey action) throws SQLException {
        if (keys.update(action, "DELETE FROM upload")) {
            uploadCount--;
        }
    }

    private void pin(ActionKey action, boolean pinned, long used) throws SQLException {
        keys.update(action, "UPDATE action SET pinned = ?, used = ?", pinned, used);
    }

    /** Counts an object for a namespace, or no more. Of global the totals tell. */
    private void count(Namespace namespace, long object, int sign) throws SQLException {
        if (!namespace.isGlobal()) {
            sql.update(
                    """
                    UPDATE namespace SET bytes = bytes + ? * ifnull((SELECT size FROM object WHERE id = ?), 0)
                    WHERE name = ?
                    """,
                    sign,
                    object,
                    namespace.name());
        }
    }

    private boolean isLedTo(long object) throws SQLException {
        return sql.exists("SELECT 1 FROM action WHERE object = ? LIMIT 1", object);
    }

    private boolean isOrphan(long object) throws SQLException {
        return sql.exists("SELECT 1 FROM orphan WHERE object = ?", object);
    }

    private Backlog readBacklog() throws SQLException {
        long oldest =
                uploadCount == 0
                        ? -1
                        : sql.number(-1, "SELECT since FROM upload ORDER BY sequence LIMIT 1");
        return new Backlog(uploadCount, oldest < 0 ? null : Instant.ofEpochMilli(oldest));
    }
}
