package io.gocacheserver.disk;

import io.gocacheserver.cache.LocalTier.Usage;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * The statements that change the index. They run inside a transaction that the caller begins and ends, and keep a tally
 * of what they changed until {@link #commit} or {@link #rollback}. Used by one thread.
 */
final class IndexWriter implements AutoCloseable {

    private final Connection connection;
    private final PreparedStatement findObject;
    private final PreparedStatement insertObject;
    private final PreparedStatement hasAction;
    private final PreparedStatement upsertAction;
    private final PreparedStatement deleteActions;
    private final PreparedStatement deleteObject;
    private final PreparedStatement addToTotals;
    private Usage committed;
    private long actions;
    private long objects;
    private long bytes;

    /** Takes over a connection whose index has the newest schema. */
    IndexWriter(Connection connection) throws SQLException {
        this.connection = connection;
        findObject = connection.prepareStatement("SELECT id, size FROM object WHERE output_id = ?");
        insertObject =
                connection.prepareStatement(
                        "INSERT INTO object (output_id, size, data) VALUES (?, ?, ?) RETURNING id");
        hasAction = connection.prepareStatement("SELECT 1 FROM action WHERE action_id = ?");
        upsertAction =
                connection.prepareStatement(
                        """
                        INSERT INTO action (action_id, object, time) VALUES (?, ?, ?)
                        ON CONFLICT (action_id) DO UPDATE SET object = excluded.object, time = excluded.time
                        """);
        deleteActions = connection.prepareStatement("DELETE FROM action WHERE object = ?");
        deleteObject = connection.prepareStatement("DELETE FROM object WHERE id = ?");
        addToTotals =
                connection.prepareStatement(
                        "UPDATE totals SET actions = actions + ?, objects = objects + ?, bytes = bytes + ?");
        connection.setAutoCommit(false);
        try (PreparedStatement totals =
                        connection.prepareStatement("SELECT actions, objects, bytes FROM totals");
                ResultSet row = totals.executeQuery()) {
            row.next();
            committed = new Usage(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(3));
        }
        connection.rollback();
    }

    /** Totals as of the last commit. */
    Usage committed() {
        return committed;
    }

    /** Adds an object unless the index has it; returns its row's ID. */
    long putObject(IndexedObject object) throws SQLException {
        OptionalLong known = objectId(object.output());
        if (known.isPresent()) {
            return known.getAsLong();
        }
        insertObject.setBytes(1, object.output().bytes());
        insertObject.setLong(2, object.size());
        insertObject.setBytes(3, object.data());
        objects++;
        bytes += object.size();
        try (ResultSet row = insertObject.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The ID of an object's row, if there is one. */
    OptionalLong objectId(OutputId output) throws SQLException {
        findObject.setBytes(1, output.bytes());
        try (ResultSet row = findObject.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    /** Adds an action, or replaces what it produced. */
    void putAction(ActionId action, long object, long unixNanos) throws SQLException {
        byte[] id = action.bytes();
        hasAction.setBytes(1, id);
        try (ResultSet row = hasAction.executeQuery()) {
            if (!row.next()) {
                actions++;
            }
        }
        upsertAction.setBytes(1, id);
        upsertAction.setLong(2, object);
        upsertAction.setLong(3, unixNanos);
        upsertAction.executeUpdate();
    }

    /** Removes an object and every action that produced it. */
    void deleteObject(OutputId output) throws SQLException {
        findObject.setBytes(1, output.bytes());
        long id;
        long size;
        try (ResultSet row = findObject.executeQuery()) {
            if (!row.next()) {
                return;
            }
            id = row.getLong(1);
            size = row.getLong(2);
        }
        deleteActions.setLong(1, id);
        actions -= deleteActions.executeUpdate();
        deleteObject.setLong(1, id);
        objects -= deleteObject.executeUpdate();
        bytes -= size;
    }

    void commit() throws SQLException {
        if (actions != 0 || objects != 0 || bytes != 0) {
            addToTotals.setLong(1, actions);
            addToTotals.setLong(2, objects);
            addToTotals.setLong(3, bytes);
            addToTotals.executeUpdate();
        }
        connection.commit();
        committed =
                new Usage(
                        committed.actions() + actions,
                        committed.objects() + objects,
                        committed.bytes() + bytes,
                        committed.storedBytes() + bytes);
        forget();
    }

    void rollback() throws SQLException {
        forget();
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private void forget() {
        actions = 0;
        objects = 0;
        bytes = 0;
    }
}
