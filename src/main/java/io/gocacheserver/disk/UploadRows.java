package io.gocacheserver.disk;

import io.gocacheserver.cache.PendingUploads.Backlog;
import io.gocacheserver.model.ActionId;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** The table {@code upload}, as the writer changes it. */
final class UploadRows {

    private final PreparedStatement upsert;
    private final PreparedStatement delete;
    private final PreparedStatement deleteAny;
    private final PreparedStatement postpone;
    private final PreparedStatement count;
    private final PreparedStatement oldest;

    UploadRows(PreparedStatements statements) throws SQLException {
        upsert =
                statements.prepare(
                        "INSERT OR REPLACE INTO upload (action_id, since, attempts, not_before) VALUES (?, ?, 0, 0)");
        delete = statements.prepare("DELETE FROM upload WHERE sequence = ? AND action_id = ?");
        deleteAny = statements.prepare("DELETE FROM upload WHERE action_id = ?");
        postpone =
                statements.prepare(
                        "UPDATE upload SET attempts = ?, not_before = ? WHERE sequence = ? AND action_id = ?");
        count = statements.prepare("SELECT count(*) FROM upload");
        oldest = statements.prepare("SELECT since FROM upload ORDER BY sequence LIMIT 1");
    }

    /** Adds an upload; an earlier one of the same action is replaced. Returns whether there is one more now. */
    boolean put(ActionId action, long sinceMillis) throws SQLException {
        boolean replaced = deleteAny(action);
        upsert.setBytes(1, action.bytes());
        upsert.setLong(2, sinceMillis);
        upsert.executeUpdate();
        return !replaced;
    }

    boolean delete(long sequence, ActionId action) throws SQLException {
        delete.setLong(1, sequence);
        delete.setBytes(2, action.bytes());
        return delete.executeUpdate() > 0;
    }

    boolean deleteAny(ActionId action) throws SQLException {
        deleteAny.setBytes(1, action.bytes());
        return deleteAny.executeUpdate() > 0;
    }

    void postpone(long sequence, ActionId action, int attempts, long notBeforeMillis)
            throws SQLException {
        postpone.setInt(1, attempts);
        postpone.setLong(2, notBeforeMillis);
        postpone.setLong(3, sequence);
        postpone.setBytes(4, action.bytes());
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
