package io.gocacheserver.disk;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;

/** One connection that looks things up. Used by one thread at a time. */
final class IndexReader implements AutoCloseable {

    private final Connection connection;
    private final PreparedStatement byAction;
    private final PreparedStatement byOutput;

    IndexReader(Connection connection) throws SQLException {
        this.connection = connection;
        this.byAction =
                connection.prepareStatement(
                        """
                        SELECT o.output_id, o.size, o.data, a.time
                        FROM action a JOIN object o ON o.id = a.object
                        WHERE a.action_id = ?
                        """);
        this.byOutput =
                connection.prepareStatement("SELECT size, data FROM object WHERE output_id = ?");
    }

    Optional<IndexedAction> find(ActionId action) throws SQLException {
        byAction.setBytes(1, action.bytes());
        try (ResultSet row = byAction.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            var object =
                    new IndexedObject(
                            OutputId.of(row.getBytes(1)), row.getLong(2), row.getBytes(3));
            return Optional.of(new IndexedAction(object, row.getLong(4)));
        }
    }

    Optional<IndexedObject> find(OutputId output) throws SQLException {
        byOutput.setBytes(1, output.bytes());
        try (ResultSet row = byOutput.executeQuery()) {
            return row.next()
                    ? Optional.of(new IndexedObject(output, row.getLong(1), row.getBytes(2)))
                    : Optional.empty();
        }
    }

    /** Every action's ID, in order, for as long as they are wanted. */
    void forEachAction(Consumer<ActionId> action, KnownActions.Wanted wanted) throws SQLException {
        try (PreparedStatement all = connection.prepareStatement("SELECT action_id FROM action");
                ResultSet row = all.executeQuery()) {
            while (wanted.get() && row.next()) {
                action.accept(ActionId.of(row.getBytes(1)));
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
