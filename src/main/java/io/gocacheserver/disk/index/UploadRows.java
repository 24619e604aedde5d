package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.PendingUploads.Backlog;
import io.gocacheserver.model.ActionKey;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** The table {@code upload}, as the writer changes it. */
final class UploadRows {

    private final RowKeys keys;
    private final PreparedStatement upsert;
    private final PreparedStatement delete;
    private final PreparedStatement deleteAny;
    private final PreparedStatement postpone;
    private final PreparedStatement count;
    private final PreparedStatement oldest;

    UploadRows(PreparedStatements statements, RowKeys keys) throws SQLException {
        this.keys = keys;
        upsert =
                statements.prepare(
                        "INSERT OR REPLACE INTO upload (namespace, action_id, since, attempts, not_before) VALUES (?, ?, ?, 0, 0)");
        delete =
                statements.prepare(
                        "DELETE FROM upload WHERE sequence = ? AND namespace = ? AND action_id = ?");
        deleteAny = statements.prepare("DELETE FROM upload WHERE namespace = ? AND action_id = ?");
        postpone =
                statements.prepare(
                        "UPDATE upload SET attempts = ?, not_before = ? WHERE sequence = ? AND namespace = ? AND action_id = ?");
        count = statements.prepare("SELECT count(*) FROM upload");
        oldest = statements.prepare("SELECT since FROM upload ORDER BY sequence LIMIT 1");
    }

    /** Adds an upload; an earlier one of the same action is replaced. Returns whether there is one more now. */
    boolean put(ActionKey action, long sinceMillis) throws SQLException {
        boolean replaced = deleteAny(action);
        keys.set(upsert, 1, action);
        upsert.setLong(3, sinceMillis);
        upsert.executeUpdate();
        return !replaced;
    }

    boolean delete(long sequence, ActionKey action) throws SQLException {
        delete.setLong(1, sequence);
        keys.set(delete, 2, action);
        return delete.executeUpdate() > 0;
    }

    boolean deleteAny(ActionKey action) throws SQLException {
        keys.set(deleteAny, 1, action);
        return deleteAny.executeUpdate() > 0;
    }

    void postpone(long sequence, ActionKey action, int attempts, long notBeforeMillis)
            throws SQLException {
        postpone.setInt(1, attempts);
        postpone.setLong(2, notBeforeMillis);
        postpone.setLong(3, sequence);
        keys.set(postpone, 4, action);
        postpone.executeUpdate();
    }

    long count() throws SQLException {
        try (ResultSet row = count.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * @param count number of uploads, as the caller knows it
     */
    Backlog backlog(long count) throws SQLException {
        try (ResultSet row = oldest.executeQuery()) {
            return new Backlog(count, row.next() ? Instant.ofEpochMilli(row.getLong(1)) : null);
        }
    }
}
