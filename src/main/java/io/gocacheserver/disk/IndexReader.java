package io.gocacheserver.disk;

import io.gocacheserver.cache.PurgeLog.Purge;
import io.gocacheserver.cache.Upload;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.UnixNanos;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One connection that looks things up. Used by one thread at a time. */
final class IndexReader implements AutoCloseable {

    private static final String BY_ACTION =
            """
            SELECT o.id, o.output_id, o.size, o.stored, o.coding, o.data, a.time, a.used
            FROM action a JOIN object o ON o.id = a.object
            WHERE a.action_id = ?
            """;
    private static final String UPLOADS =
            """
            SELECT u.sequence, u.action_id, u.since, u.attempts, a.time, o.output_id, o.size
            FROM upload u
            CROSS JOIN action a ON a.action_id = u.action_id
            CROSS JOIN object o ON o.id = a.object
            WHERE\s""";
    private static final long MAX_DELAY_MILLIS = 3_600_000;
    private static final String BY_OUTPUT =
            "SELECT id, output_id, size, stored, coding, data FROM object WHERE output_id = ?";

    private final Connection connection;
    private final PreparedStatement byAction;
    private final PreparedStatement byOutput;

    /** Takes over a connection; closes it if that fails. */
    IndexReader(Connection connection) throws SQLException {
        this.connection = connection;
        try {
            byAction = connection.prepareStatement(BY_ACTION);
            byOutput = connection.prepareStatement(BY_OUTPUT);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    Optional<IndexedAction> find(ActionId action) throws SQLException {
        byAction.setBytes(1, action.bytes());
        try (ResultSet row = byAction.executeQuery()) {
            return row.next()
                    ? Optional.of(new IndexedAction(object(row), row.getLong(7), row.getLong(8)))
                    : Optional.empty();
        }
    }

    Optional<IndexedObject> find(OutputId output) throws SQLException {
        byOutput.setBytes(1, output.bytes());
        try (ResultSet row = byOutput.executeQuery()) {
            return row.next() ? Optional.of(object(row)) : Optional.empty();
        }
    }

    /** The objects whose rows follow {@code id}, in the order of their rows. */
    List<IndexedObject> objectsAfter(long id, int max) throws SQLException {
        List<IndexedObject> objects = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT id, output_id, size, stored, coding, data FROM object
                        WHERE id > ? ORDER BY id LIMIT ?
                        """)) {
            query.setLong(1, id);
            query.setInt(2, max);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    objects.add(object(row));
                }
            }
        }
        return objects;
    }

    /** The actions that follow {@code after}, in the order of their IDs. */
    List<ActionId> actionsAfter(byte[] after, int max) throws SQLException {
        List<ActionId> actions = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT action_id FROM action WHERE action_id > ? ORDER BY action_id LIMIT ?")) {
            query.setBytes(1, after);
            query.setInt(2, max);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    actions.add(ActionId.of(row.getBytes(1)));
                }
            }
        }
        return actions;
    }

    /** Pending uploads that are due, oldest first: those that were never put off, and those whose time has come. */
    List<Upload> dueUploads(Instant now, int max) throws SQLException {
        List<Upload> uploads = new ArrayList<>();
        long millis = now.toEpochMilli();
        addUploads("u.not_before = 0 ORDER BY u.sequence", max, uploads);
        // A clock that was set back is no reason to wait for as long.
        addUploads("u.not_before BETWEEN 1 AND " + millis + " ORDER BY u.not_before", max, uploads);
        addUploads("u.not_before > " + (millis + MAX_DELAY_MILLIS), max, uploads);
        uploads.sort(Comparator.comparingLong(Upload::sequence));
        return List.copyOf(uploads.subList(0, Math.min(max, uploads.size())));
    }

    private void addUploads(String condition, int max, List<Upload> uploads) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(UPLOADS + condition + " LIMIT " + max)) {
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Entry entry =
                            new Entry(
                                    ActionId.of(row.getBytes(2)),
                                    OutputId.of(row.getBytes(6)),
                                    row.getLong(7),
                                    UnixNanos.toInstant(row.getLong(5)));
                    uploads.add(
                            new Upload(
                                    entry,
                                    row.getLong(1),
                                    Instant.ofEpochMilli(row.getLong(3)),
                                    row.getInt(4)));
                }
            }
        }
    }

    /** When what could be evicted was last used, at its oldest, in Unix microseconds. */
    OptionalLong oldestUse() throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement(
                                """
                                SELECT min(used) FROM (
                                  SELECT * FROM (SELECT used FROM action WHERE pinned = 0 ORDER BY used LIMIT 1)
                                  UNION ALL
                                  SELECT * FROM (SELECT used FROM orphan ORDER BY used LIMIT 1))
                                """);
                ResultSet row = query.executeQuery()) {
            row.next();
            long used = row.getLong(1);
            return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(used);
        }
    }

    /** When anything that could be evicted was last used, in Unix microseconds; 0 if nothing was. */
    long latestUse() throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement(
                                """
                                SELECT max(used) FROM (
                                  SELECT * FROM (SELECT used FROM action WHERE pinned = 0 ORDER BY used DESC LIMIT 1)
                                  UNION ALL
                                  SELECT * FROM (SELECT used FROM orphan ORDER BY used DESC LIMIT 1))
                                """);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The latest purges, newest first. */
    List<Purge> purges(int max) throws SQLException {
        List<Purge> purges = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT time, purged_by, purged_from, kind, hex, reason, actions, objects, remote
                        FROM purge ORDER BY id DESC LIMIT ?
                        """)) {
            query.setInt(1, max);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    purges.add(
                            new Purge(
                                    Instant.ofEpochMilli(row.getLong(1)),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getString(6),
                                    row.getInt(7),
                                    row.getInt(8),
                                    row.getString(9)));
                }
            }
        }
        return purges;
    }

    String quickCheck() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("PRAGMA quick_check(1)");
                ResultSet row = query.executeQuery()) {
            return row.next() ? row.getString(1) : "nothing";
        }
    }

    /** The highest row of an object, 0 if there is none. */
    long lastObject() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT max(id) FROM object");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private static IndexedObject object(ResultSet row) throws SQLException {
        return new IndexedObject(
                row.getLong(1),
                OutputId.of(row.getBytes(2)),
                row.getLong(3),
                row.getLong(4),
                ObjectRows.coding(row.getInt(5)),
                row.getBytes(6));
    }
}
