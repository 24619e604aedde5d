package io.gocacheserver.disk.index;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Between keys and the two columns that stand for them, inside a transaction: a number that this transaction has given is
 * remembered once it is committed.
 */
record RowKeys(Sql sql, IndexNames names, Consumer<Runnable> afterCommit) {

    private static final String BY_KEY = " WHERE namespace = ? AND action_id = ?";

    /** Runs a statement, which lacks only its condition, on the row of an action; returns whether there is one. */
    boolean update(ActionKey action, String statement, @Nullable Object... values)
            throws SQLException {
        @Nullable Object[] all = Arrays.copyOf(values, values.length + 2);
        all[values.length] = number(action.namespace());
        all[values.length + 1] = action.action().bytes();
        return sql.update(statement + BY_KEY, all) > 0;
    }

    long objectOf(ActionKey action) throws SQLException {
        return sql.number(
                0,
                "SELECT object FROM action" + BY_KEY,
                number(action.namespace()),
                action.action().bytes());
    }

    ActionKey key(ResultSet row) throws SQLException {
        Namespace namespace = names.knownNamespace(row.getLong(1));
        return new ActionKey(
                namespace != null ? namespace : IndexNames.read(row.getLong(1), sql),
                ActionId.of(row.getBytes(2)));
    }

    /** A namespace's number; -1, which no row has, if it has none. */
    long number(Namespace namespace) throws SQLException {
        Long number = names.known(namespace);
        return number != null ? number : IndexNames.readId(namespace, sql);
    }

    /** A namespace's number; it gets one if it has none, which is remembered once that is committed. */
    long ensure(Namespace namespace) throws SQLException {
        if (names.known(namespace) == null) {
            sql.update(
                    """
                    INSERT OR IGNORE INTO namespace (id, name, bytes)
                    SELECT max(id) + 1, ?, 0 FROM namespace
                    """,
                    namespace.name());
            long id = number(namespace);
            afterCommit.accept(() -> names.add(namespace, id));
        }
        return number(namespace);
    }

    long ensure(Provenance writer) throws SQLException {
        if (writer.equals(Provenance.UNKNOWN)) {
            return IndexNames.UNKNOWN_WRITER;
        }
        Long number = names.known(writer);
        if (number != null) {
            return number;
        }
        String find =
                """
                SELECT id FROM writer WHERE token IS ? AND issuer IS ? AND subject IS ?
                AND repository IS ? AND ref IS ? AND run IS ? AND address IS ?
                """;
        @Nullable Object[] values = writer.texts();
        long id = sql.number(-1, find, values);
        if (id < 0) {
            sql.update(
                    """
                    INSERT INTO writer (token, issuer, subject, repository, ref, run, address)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                    values);
            id = sql.number(-1, find, values);
        }
        long given = id;
        afterCommit.accept(() -> names.add(writer, given));
        return id;
    }
}
