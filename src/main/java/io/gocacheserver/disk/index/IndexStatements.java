package io.gocacheserver.disk.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;

/** The prepared statements of the index's writer, by table. */
final class IndexStatements implements AutoCloseable {

    private final PreparedStatements all;
    private final ObjectRows objects;
    private final ActionRows actions;
    private final UploadRows uploads;
    private final NameRows names;
    private final RowKeys keys;
    private final IndexNotes notes;
    private final PreparedStatement totals;
    private final PreparedStatement setTotals;

    IndexStatements(Connection connection, IndexNames known, Consumer<Runnable> afterCommit)
            throws SQLException {
        all = new PreparedStatements(connection);
        objects = new ObjectRows(all);
        names = new NameRows(all);
        keys = new RowKeys(names, known, connection, afterCommit);
        actions = new ActionRows(all, keys);
        uploads = new UploadRows(all, keys);
        notes = new IndexNotes(all);
        totals =
                all.prepare("SELECT actions, objects, bytes, stored_bytes, blob_bytes FROM totals");
        setTotals =
                all.prepare(
                        "UPDATE totals SET actions = ?, objects = ?, bytes = ?, stored_bytes = ?, blob_bytes = ?");
    }

    ObjectRows objects() {
        return objects;
    }

    ActionRows actions() {
        return actions;
    }

    UploadRows uploads() {
        return uploads;
    }

    NameRows names() {
        return names;
    }

    RowKeys keys() {
        return keys;
    }

    IndexNotes notes() {
        return notes;
    }

    Totals totals() throws SQLException {
        try (ResultSet row = totals.executeQuery()) {
            row.next();
            return new Totals(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
        }
    }

    void setTotals(Totals values) throws SQLException {
        setTotals.setLong(1, values.actions());
        setTotals.setLong(2, values.objects());
        setTotals.setLong(3, values.bytes());
        setTotals.setLong(4, values.storedBytes());
        setTotals.setLong(5, values.blobBytes());
        setTotals.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        all.close();
    }
}
