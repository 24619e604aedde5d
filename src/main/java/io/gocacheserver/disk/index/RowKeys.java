package io.gocacheserver.disk.index;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Between keys and the two columns that stand for them, inside a transaction: a number that this transaction has given is
 * remembered once it is committed.
 */
final class RowKeys {

    private final NameRows rows;
    private final IndexNames names;
    private final Connection connection;
    private final Consumer<Runnable> afterCommit;

    RowKeys(
            NameRows rows,
            IndexNames names,
            Connection connection,
            Consumer<Runnable> afterCommit) {
        this.rows = rows;
        this.names = names;
        this.connection = connection;
        this.afterCommit = afterCommit;
    }

    /** Sets the two parameters that follow each other; they match no row if the index does not know the namespace. */
    void set(PreparedStatement statement, int first, ActionKey key) throws SQLException {
        Long known = names.known(key.namespace());
        statement.setLong(first, known != null ? known : rows.find(key.namespace()));
        statement.setBytes(first + 1, key.action().bytes());
    }

    ActionKey key(long namespace, byte[] action) throws SQLException {
        Namespace known = names.knownNamespace(namespace);
        return new ActionKey(
                known != null ? known : IndexNames.read(namespace, connection),
                ActionId.of(action));
    }

    /** A namespace's number; it gets one if it has none. */
    long ensure(Namespace namespace) throws SQLException {
        Long known = names.known(namespace);
        if (known != null) {
            return known;
        }
        long id = rows.id(namespace);
        afterCommit.accept(() -> names.add(namespace, id));
        return id;
    }

    /** A writer's number; he gets one if he has none. */
    long ensure(Provenance writer) throws SQLException {
        if (writer.equals(Provenance.UNKNOWN)) {
            return IndexNames.UNKNOWN_WRITER;
        }
        Long known = names.known(writer);
        if (known != null) {
            return known;
        }
        long id = rows.id(writer);
        afterCommit.accept(() -> names.add(writer, id));
        return id;
    }
}
