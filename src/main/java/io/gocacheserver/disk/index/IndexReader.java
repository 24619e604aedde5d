package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.PurgeLog.Purge;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.model.UnixNanos;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** One connection that looks things up. Used by one thread at a time. */
public final class IndexReader implements AutoCloseable {

    private static final String BY_ACTION =
            """
            SELECT o.id, o.output_id, o.size, o.stored, o.coding, o.data, a.time, a.used, a.writer
            FROM action a JOIN object o ON o.id = a.object
            WHERE a.namespace = ? AND a.action_id = ?
            """;
    private static final String LEADING =
            " WHERE namespace = ? AND object = (SELECT id FROM object WHERE output_id = ?) LIMIT 1";
    private static final String ENTRIES =
            """
            SELECT a.namespace, a.action_id, o.output_id, o.size, a.time, a.writer
            FROM action a CROSS JOIN object o ON o.id = a.object WHERE\s""";
    private static final String UPLOADS =
            """
            SELECT u.namespace, u.action_id, o.output_id, o.size, a.time, a.writer, u.sequence, u.since, u.attempts
            FROM upload u
            CROSS JOIN action a ON a.namespace = u.namespace AND a.action_id = u.action_id
            CROSS JOIN object o ON o.id = a.object
            WHERE\s""";
    private static final long MAX_DELAY_MILLIS = 3_600_000;
    private static final String BY_OUTPUT =
            "SELECT id, output_id, size, stored, coding, data FROM object WHERE output_id = ?";

    private final Connection connection;
    private final IndexNames names;
    private final Sql sql;

    IndexReader(Connection connection, IndexNames names) {
        this.connection = connection;
        this.names = names;
        this.sql = new Sql(connection);
    }

    public Optional<IndexedAction> find(ActionKey action) throws SQLException {
        long namespace = names.id(action.namespace(), sql);
        if (namespace < 0) {
            return Optional.empty();
        }
        return sql.first(
                BY_ACTION,
                row ->
                        new IndexedAction(
                                IndexedObject.of(row),
                                row.getLong(7),
                                new AtomicLong(row.getLong(8)),
                                names.writer(row.getLong(9), sql)),
                namespace,
                action.action().bytes());
    }

    public Optional<IndexedObject> find(OutputId output) throws SQLException {
        return sql.first(BY_OUTPUT, IndexedObject::of, output.bytes());
    }

    /** The objects whose rows follow {@code id}, in the order of their rows. */
    public List<IndexedObject> objectsAfter(long id, int max) throws SQLException {
        return sql.list(
                """
                SELECT id, output_id, size, stored, coding, data FROM object
                WHERE id > ? ORDER BY id LIMIT ?
                """,
                IndexedObject::of,
                id,
                max);
    }

    /** The actions that follow {@code after}, or all if that is null, in the order of their rows. */
    List<ActionKey> actionsAfter(@Nullable ActionKey after, int max) throws SQLException {
        return sql.list(
                """
                SELECT namespace, action_id FROM action
                WHERE (namespace, action_id) > (?, ?) ORDER BY namespace, action_id LIMIT ?
                """,
                this::key,
                after == null ? -1 : names.id(after.namespace(), sql),
                after == null ? new byte[0] : after.action().bytes(),
                max);
    }

    /** The actions of a namespace that follow {@code after}, or all if that is null, in the order of their bytes. */
    public List<ActionId> actions(Namespace namespace, @Nullable String after, int max)
            throws SQLException {
        return sql.list(
                """
                SELECT action_id FROM action
                WHERE namespace = ? AND action_id > ? ORDER BY action_id LIMIT ?
                """,
                row -> ActionId.of(row.getBytes(1)),
                names.id(namespace, sql),
                after == null ? new byte[0] : new ActionId(after).bytes(),
                max);
    }

    /** Whether an action in one of these namespaces leads to an object, or it was sent for a namespace. */
    public boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender)
            throws SQLException {
        for (Namespace reader : readers) {
            if (leads("SELECT 1 FROM action" + LEADING, reader, output)) {
                return true;
            }
        }
        return sender != null && leads("SELECT 1 FROM sent" + LEADING, sender, output);
    }

    private boolean leads(String query, Namespace namespace, OutputId output) throws SQLException {
        return sql.exists(query, names.id(namespace, sql), output.bytes());
    }

    public long bytes(Namespace namespace) throws SQLException {
        return sql.number(0, "SELECT bytes FROM namespace WHERE name = ?", namespace.name());
    }

    public List<Entry> entries(ActionId action) throws SQLException {
        return entries(
                "a.namespace IN (SELECT id FROM namespace) AND a.action_id = ?", action.bytes());
    }

    public List<Entry> entries(OutputId output, int max) throws SQLException {
        return entries(
                "a.object = (SELECT id FROM object WHERE output_id = ?) LIMIT ?",
                output.bytes(),
                max);
    }

    public List<Entry> written(WrittenBy wanted, int max) throws SQLException {
        StringBuilder condition = new StringBuilder("a.time >= ? AND a.time < ?");
        List<Object> values = new ArrayList<>();
        values.add(UnixNanos.clamped(wanted.from()));
        values.add(UnixNanos.clamped(wanted.to()));
        Namespace namespace = wanted.namespace();
        if (namespace != null) {
            condition.append(" AND a.namespace = ?");
            values.add(names.id(namespace, sql));
        }
        @Nullable String[] by = wanted.by().texts();
        String writers = "";
        for (int i = 0; i < by.length; i++) {
            String value = by[i];
            if (value != null) {
                writers += (writers.isEmpty() ? "" : " AND ") + Provenance.NAMES.get(i) + " = ?";
                values.add(value);
            }
        }
        if (!writers.isEmpty()) {
            condition
                    .append(" AND a.writer > 0 AND a.writer IN (SELECT id FROM writer WHERE ")
                    .append(writers)
                    .append(")");
        }
        values.add(max);
        return entries(condition + " ORDER BY a.time DESC LIMIT ?", values.toArray());
    }

    private List<Entry> entries(String condition, @Nullable Object... values) throws SQLException {
        return sql.list(ENTRIES + condition, this::entry, values);
    }

    /** From the columns namespace, action_id, output_id, size, time, writer. */
    private Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                key(row),
                OutputId.of(row.getBytes(3)),
                row.getLong(4),
                UnixNanos.toInstant(row.getLong(5)),
                names.writer(row.getLong(6), sql));
    }

    private ActionKey key(ResultSet row) throws SQLException {
        return new ActionKey(names.namespace(row.getLong(1), sql), ActionId.of(row.getBytes(2)));
    }

    /** Pending uploads that are due: those that were never put off, then those whose time has come. */
    public List<Upload> dueUploads(Instant now, int max) throws SQLException {
        long millis = now.toEpochMilli();
        List<Upload> uploads =
                uploads("u.not_before <= ? ORDER BY u.not_before, u.sequence", millis, max);
        // A clock that was set back is no reason to wait for as long.
        int room = max - uploads.size();
        uploads.addAll(uploads("u.not_before > ?", millis + MAX_DELAY_MILLIS, room));
        return uploads;
    }

    private List<Upload> uploads(String condition, Object... values) throws SQLException {
        return sql.list(
                UPLOADS + condition + " LIMIT ?",
                row ->
                        new Upload(
                                entry(row),
                                row.getLong(7),
                                Instant.ofEpochMilli(row.getLong(8)),
                                row.getInt(9)),
                values);
    }

    /** The oldest use of anything that could be evicted, in Unix microseconds. */
    public OptionalLong oldestUse() throws SQLException {
        long oldest = use("min", "", Long.MIN_VALUE);
        return oldest == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(oldest);
    }

    /** The latest use of anything that could be evicted, in Unix microseconds; 0 if there is nothing. */
    public long latestUse() throws SQLException {
        return use("max", " DESC", 0);
    }

    private long use(String which, String order, long otherwise) throws SQLException {
        return sql.number(
                otherwise,
                """
                SELECT %1$s(used) FROM (
                  SELECT * FROM (SELECT used FROM action WHERE pinned = 0 ORDER BY used%2$s LIMIT 1)
                  UNION ALL
                  SELECT * FROM (SELECT used FROM orphan ORDER BY used%2$s LIMIT 1))
                """
                        .formatted(which, order));
    }

    public List<Purge> purges(int max) throws SQLException {
        return sql.list(
                """
                SELECT time, purged_by, purged_from, kind, hex, reason, actions, objects, remote
                FROM purge ORDER BY id DESC LIMIT ?
                """,
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
                                row.getString(9)),
                max);
    }

    String quickCheck() throws SQLException {
        return sql.list("PRAGMA quick_check(1)", row -> row.getString(1)).getFirst();
    }

    public long lastObject() throws SQLException {
        return sql.number(0, "SELECT max(id) FROM object");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
