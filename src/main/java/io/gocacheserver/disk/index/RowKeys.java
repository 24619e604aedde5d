package io.gocacheserver.disk.index;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/** Between keys and the two columns that stand for them, inside a transaction. */
record RowKeys(Sql sql, IndexNames names) {

    private static final String BY_KEY = " WHERE namespace = ? AND action_id = ?";

    /** Runs a statement, which lacks only its condition, on the row of an action; returns whether there is one. */
    boolean update(ActionKey action, String statement, @Nullable Object... values)
            throws SQLException {
        @Nullable Object[] all = Arrays.copyOf(values, values.length + 2);
        all[values.length] = number(action.namespace());
        all[values.length + 1] = action.action().bytes();
        return sql.update(statement + BY_KEY, all) > 0;
    }

    /** The row of an action's object; 0 if the action is not known. */
    long objectOf(ActionKey action) throws SQLException {
        return sql.number(
                0,
                "SELECT object FROM action" + BY_KEY,
                number(action.namespace()),
                action.action().bytes());
    }

    ActionKey key(ResultSet row) throws SQLException {
        return new ActionKey(names.namespace(row.getLong(1), sql), ActionId.of(row.getBytes(2)));
    }

    long number(Namespace namespace) throws SQLException {
        return names.id(namespace, sql);
    }

    long ensure(Namespace namespace) throws SQLException {
        return names.ensure(namespace, sql);
    }

    long ensure(Provenance writer) throws SQLException {
        return names.ensure(writer, sql);
    }
}
