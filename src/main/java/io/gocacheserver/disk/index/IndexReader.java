package io.gocacheserver.disk.index;

import io.gocacheserver.cache.filter.LocalActions.SavedFilter;
import io.gocacheserver.cache.tier.PurgeLog.Purge;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.model.UnixNanos;

import org.jspecify.annotations.Nullable;

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
public final class IndexReader implements AutoCloseable {

    private static final String BY_ACTION =
            """
            SELECT o.id, o.output_id, o.size, o.stored, o.coding, o.data, a.time, a.used, a.writer
            FROM action a JOIN object o ON o.id = a.object
            WHERE a.namespace = ? AND a.action_id = ?
            """;
    private static final String UPLOADS =
            """
            SELECT u.sequence, u.action_id, u.since, u.attempts, a.time, o.output_id, o.size, u.namespace, a.writer
            FROM upload u
            CROSS JOIN action a ON a.namespace = u.namespace AND a.action_id = u.action_id
            CROSS JOIN object o ON o.id = a.object
            WHERE\s""";
    private static final long MAX_DELAY_MILLIS = 3_600_000;
    private static final String BY_OUTPUT =
            "SELECT id, output_id, size, stored, coding, data FROM object WHERE output_id = ?";

    private final Connection connection;
    private final IndexNames names;
    private final PreparedStatement byAction;
    private final PreparedStatement byOutput;

    /** Takes over a connection; closes it if that fails. */
    IndexReader(Connection connection, IndexNames names) throws SQLException {
        this.connection = connection;
        this.names = names;
        try {
            byAction = connection.prepareStatement(BY_ACTION);
            byOutput = connection.prepareStatement(BY_OUTPUT);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    public Optional<IndexedAction> find(ActionKey action) throws SQLException {
        long namespace = names.id(action.namespace(), connection);
        if (namespace < 0) {
            return Optional.empty();
        }
        byAction.setLong(1, namespace);
        byAction.setBytes(2, action.action().bytes());
        try (ResultSet row = byAction.executeQuery()) {
            return row.next()
                    ? Optional.of(
                            new IndexedAction(
                                    object(row),
                                    row.getLong(7),
                                    row.getLong(8),
                                    names.writer(row.getLong(9), connection)))
                    : Optional.empty();
        }
    }

    public Optional<IndexedObject> find(OutputId output) throws SQLException {
        byOutput.setBytes(1, output.bytes());
        try (ResultSet row = byOutput.executeQuery()) {
            return row.next() ? Optional.of(object(row)) : Optional.empty();
        }
    }

    /** The objects whose rows follow {@code id}, in the order of their rows. */
    public List<IndexedObject> objectsAfter(long id, int max) throws SQLException {
        return list(
                """
                SELECT id, output_id, size, stored, coding, data FROM object
                WHERE id > ? ORDER BY id LIMIT ?
                """,
                query -> {
                    query.setLong(1, id);
                    query.setInt(2, max);
                },
                IndexReader::object);
    }

    /** The actions that follow {@code after}, or all if that is null, in the order of their rows. */
    List<ActionKey> actionsAfter(@Nullable ActionKey after, int max) throws SQLException {
        return list(
                """
                SELECT namespace, action_id FROM action
                WHERE (namespace, action_id) > (?, ?) ORDER BY namespace, action_id LIMIT ?
                """,
                query -> {
                    query.setLong(1, after == null ? -1 : names.id(after.namespace(), connection));
                    query.setBytes(2, after == null ? new byte[0] : after.action().bytes());
                    query.setInt(3, max);
                },
                row -> key(row.getLong(1), row.getBytes(2)));
    }

    /** The actions of a namespace that follow {@code after}, or all if that is null, in the order of their bytes. */
    public List<ActionId> actions(Namespace namespace, @Nullable String after, int max)
            throws SQLException {
        return list(
                """
                SELECT action_id FROM action
                WHERE namespace = ? AND action_id > ? ORDER BY action_id LIMIT ?
                """,
                query -> {
                    query.setLong(1, names.id(namespace, connection));
                    query.setBytes(2, after == null ? new byte[0] : new ActionId(after).bytes());
                    query.setInt(3, max);
                },
                row -> ActionId.of(row.getBytes(1)));
    }

    /** The saved filter of a namespace's actions. */
    public Optional<SavedFilter> filter(Namespace namespace) throws SQLException {
        return list(
                        "SELECT bits, actions, listed, position FROM filter WHERE namespace = ?",
                        query -> query.setString(1, namespace.name()),
                        row -> {
                            var filter = ActionFilter.of(row.getBytes(1));
                            long actions = row.getLong(2);
                            long listed = row.getLong(3);
                            return new SavedFilter(
                                    filter,
                                    actions,
                                    row.wasNull() ? null : Instant.ofEpochMilli(listed),
                                    row.getString(4));
                        })
                .stream()
                .findFirst();
    }

    /** Whether an action in one of these namespaces leads to an object, or it was sent for a namespace. */
    public boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender)
            throws SQLException {
        for (Namespace reader : readers) {
            if (exists(
                    "SELECT 1 FROM action WHERE namespace = ? AND object = (SELECT id FROM object WHERE output_id = ?)",
                    reader,
                    output)) {
                return true;
            }
        }
        return sender != null
                && exists(
                        "SELECT 1 FROM sent WHERE namespace = ? AND object = (SELECT id FROM object WHERE output_id = ?)",
                        sender,
                        output);
    }

    /** Sum of the sizes of what a namespace's actions produced and of what was sent for it; of any but global. */
    public long bytes(Namespace namespace) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT bytes FROM namespace WHERE name = ?")) {
            query.setString(1, namespace.name());
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private boolean exists(String sql, Namespace namespace, OutputId output) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql + " LIMIT 1")) {
            query.setLong(1, names.id(namespace, connection));
            query.setBytes(2, output.bytes());
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    /** The entries of an action, in each namespace that has it. */
    public List<Entry> entries(ActionId action) throws SQLException {
        return entries(
                "a.namespace IN (SELECT id FROM namespace) AND a.action_id = ?",
                query -> query.setBytes(1, action.bytes()));
    }

    /** The entries of an object, at most so many. */
    public List<Entry> entries(OutputId output, int max) throws SQLException {
        return entries(
                "a.object = (SELECT id FROM object WHERE output_id = ?) LIMIT " + max,
                query -> query.setBytes(1, output.bytes()));
    }

    /** The entries of a writer, the latest first, at most so many. */
    public List<Entry> written(WrittenBy wanted, int max) throws SQLException {
        String[] columns = {"token", "issuer", "subject", "repository", "ref", "run", "address"};
        Provenance by = wanted.by();
        String[] values = {
            by.token(), by.issuer(), by.subject(), by.repository(), by.ref(), by.run(), by.address()
        };
        StringBuilder condition = new StringBuilder("a.time >= ? AND a.time < ?");
        if (wanted.namespace() != null) {
            condition.append(" AND a.namespace = ?");
        }
        StringBuilder writers = new StringBuilder();
        for (int i = 0; i < columns.length; i++) {
            if (values[i] != null) {
                writers.append(writers.isEmpty() ? "" : " AND ").append(columns[i]).append(" = ?");
            }
        }
        if (!writers.isEmpty()) {
            condition
                    .append(" AND a.writer > 0 AND a.writer IN (SELECT id FROM writer WHERE ")
                    .append(writers)
                    .append(")");
        }
        return entries(
                condition + " ORDER BY a.time DESC LIMIT " + max,
                query -> {
                    int next = 1;
                    query.setLong(next++, UnixNanos.clamped(wanted.from()));
                    query.setLong(next++, UnixNanos.clamped(wanted.to()));
                    Namespace namespace = wanted.namespace();
                    if (namespace != null) {
                        query.setLong(next++, names.id(namespace, connection));
                    }
                    for (String value : values) {
                        if (value != null) {
                            query.setString(next++, value);
                        }
                    }
                });
    }

    private interface Parameters {
        void set(PreparedStatement query) throws SQLException;
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> list(String sql, Parameters parameters, Row<T> mapping)
            throws SQLException {
        List<T> list = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            parameters.set(query);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    list.add(mapping.read(row));
                }
            }
        }
        return list;
    }

    private List<Entry> entries(String condition, Parameters parameters) throws SQLException {
        return list(
                """
                SELECT a.namespace, a.action_id, o.output_id, o.size, a.time, a.writer
                FROM action a CROSS JOIN object o ON o.id = a.object WHERE\s"""
                        + condition,
                parameters,
                row ->
                        new Entry(
                                key(row.getLong(1), row.getBytes(2)),
                                OutputId.of(row.getBytes(3)),
                                row.getLong(4),
                                UnixNanos.toInstant(row.getLong(5)),
                                names.writer(row.getLong(6), connection)));
    }

    private ActionKey key(long namespace, byte[] action) throws SQLException {
        return new ActionKey(names.namespace(namespace, connection), ActionId.of(action));
    }

    /** Pending uploads that are due, oldest first: those that were never put off, and those whose time has come. */
    public List<Upload> dueUploads(Instant now, int max) throws SQLException {
        long millis = now.toEpochMilli();
        List<Upload> uploads = new ArrayList<>();
        uploads.addAll(uploads("u.not_before = 0 ORDER BY u.sequence", max));
        // A clock that was set back is no reason to wait for as long.
        uploads.addAll(
                uploads("u.not_before BETWEEN 1 AND " + millis + " ORDER BY u.not_before", max));
        uploads.addAll(uploads("u.not_before > " + (millis + MAX_DELAY_MILLIS), max));
        uploads.sort(Comparator.comparingLong(Upload::sequence));
        return List.copyOf(uploads.subList(0, Math.min(max, uploads.size())));
    }

    private List<Upload> uploads(String condition, int max) throws SQLException {
        return list(
                UPLOADS + condition + " LIMIT " + max,
                query -> {},
                row ->
                        new Upload(
                                new Entry(
                                        key(row.getLong(8), row.getBytes(2)),
                                        OutputId.of(row.getBytes(6)),
                                        row.getLong(7),
                                        UnixNanos.toInstant(row.getLong(5)),
                                        names.writer(row.getLong(9), connection)),
                                row.getLong(1),
                                Instant.ofEpochMilli(row.getLong(3)),
                                row.getInt(4)));
    }

    /** The oldest use of anything that could be evicted, in Unix microseconds. */
    public OptionalLong oldestUse() throws SQLException {
        return number(
                """
                SELECT min(used) FROM (
                  SELECT * FROM (SELECT used FROM action WHERE pinned = 0 ORDER BY used LIMIT 1)
                  UNION ALL
                  SELECT * FROM (SELECT used FROM orphan ORDER BY used LIMIT 1))
                """);
    }

    /** The latest use of anything that could be evicted, in Unix microseconds; 0 if there is nothing. */
    public long latestUse() throws SQLException {
        return number(
                        """
                        SELECT max(used) FROM (
                          SELECT * FROM (SELECT used FROM action WHERE pinned = 0 ORDER BY used DESC LIMIT 1)
                          UNION ALL
                          SELECT * FROM (SELECT used FROM orphan ORDER BY used DESC LIMIT 1))
                        """)
                .orElse(0);
    }

    /** The latest purges, newest first. */
    public List<Purge> purges(int max) throws SQLException {
        return list(
                """
                SELECT time, purged_by, purged_from, kind, hex, reason, actions, objects, remote
                FROM purge ORDER BY id DESC LIMIT ?
                """,
                query -> query.setInt(1, max),
                row ->
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

    String quickCheck() throws SQLException {
        return list("PRAGMA quick_check(1)", query -> {}, row -> row.getString(1)).getFirst();
    }

    /** The highest row of an object, 0 if there is none. */
    public long lastObject() throws SQLException {
        return number("SELECT max(id) FROM object").orElse(0);
    }

    /** The one number that a query returns, unless that is null. */
    private OptionalLong number(String sql) throws SQLException {
        return list(
                        sql,
                        query -> {},
                        row -> {
                            long number = row.getLong(1);
                            return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
                        })
                .getFirst();
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
