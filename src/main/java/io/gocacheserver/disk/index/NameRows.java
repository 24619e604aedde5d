package io.gocacheserver.disk.index;

import io.gocacheserver.disk.index.ObjectRows.Known;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/** The tables {@code namespace}, {@code writer} and {@code sent}, as the writer changes them. */
final class NameRows {

    private final PreparedStatement findNamespace;
    private final PreparedStatement insertNamespace;
    private final PreparedStatement addBytes;
    private final PreparedStatement findWriter;
    private final PreparedStatement insertWriter;
    private final PreparedStatement insertSent;
    private final PreparedStatement deleteSent;
    private final PreparedStatement deleteAllSent;
    private final PreparedStatement uncountSent;
    private final PreparedStatement isSent;
    private final PreparedStatement sentFor;
    private final PreparedStatement repointSent;

    NameRows(PreparedStatements statements) throws SQLException {
        findNamespace = statements.prepare("SELECT id FROM namespace WHERE name = ?");
        insertNamespace =
                statements.prepare(
                        "INSERT INTO namespace (id, name, bytes) SELECT max(id) + 1, ?, 0 FROM namespace");
        addBytes = statements.prepare("UPDATE namespace SET bytes = bytes + ? WHERE name = ?");
        findWriter =
                statements.prepare(
                        """
                        SELECT id FROM writer WHERE token IS ? AND issuer IS ? AND subject IS ?
                        AND repository IS ? AND ref IS ? AND run IS ? AND address IS ?
                        """);
        insertWriter =
                statements.prepare(
                        """
                        INSERT INTO writer (token, issuer, subject, repository, ref, run, address)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """);
        insertSent =
                statements.prepare("INSERT OR IGNORE INTO sent (object, namespace) VALUES (?, ?)");
        deleteSent = statements.prepare("DELETE FROM sent WHERE object = ? AND namespace = ?");
        deleteAllSent = statements.prepare("DELETE FROM sent WHERE object = ?");
        uncountSent =
                statements.prepare(
                        """
                        UPDATE namespace SET bytes = bytes - ?
                        WHERE id > 0 AND id IN (SELECT namespace FROM sent WHERE object = ?)
                        """);
        isSent = statements.prepare("SELECT 1 FROM sent WHERE object = ? LIMIT 1");
        sentFor =
                statements.prepare(
                        "SELECT object FROM sent WHERE namespace = ? ORDER BY object LIMIT ?");
        repointSent = statements.prepare("UPDATE sent SET object = ? WHERE object = ?");
    }

    /** A namespace's number; it gets one if it has none. */
    long id(Namespace namespace) throws SQLException {
        long id = find(namespace);
        if (id >= 0) {
            return id;
        }
        insertNamespace.setString(1, namespace.name());
        insertNamespace.executeUpdate();
        return find(namespace);
    }

    void addBytes(Namespace namespace, long bytes) throws SQLException {
        addBytes.setLong(1, bytes);
        addBytes.setString(2, namespace.name());
        addBytes.executeUpdate();
    }

    /** A writer's number; he gets one if he has none. */
    long id(Provenance writer) throws SQLException {
        long id = find(writer);
        if (id >= 0) {
            return id;
        }
        set(insertWriter, writer);
        insertWriter.executeUpdate();
        return find(writer);
    }

    /** Notes that an object was sent for a namespace; false if it was before. */
    boolean addSent(long object, long namespace) throws SQLException {
        insertSent.setLong(1, object);
        insertSent.setLong(2, namespace);
        return insertSent.executeUpdate() > 0;
    }

    /** False if the object was not sent for the namespace. */
    boolean deleteSent(long object, long namespace) throws SQLException {
        deleteSent.setLong(1, object);
        deleteSent.setLong(2, namespace);
        return deleteSent.executeUpdate() > 0;
    }

    /** Forgets for which namespaces an object of this size was sent, and counts it for them no more. */
    void deleteSent(Known object) throws SQLException {
        uncountSent.setLong(1, object.size());
        uncountSent.setLong(2, object.id());
        uncountSent.executeUpdate();
        deleteAllSent.setLong(1, object.id());
        deleteAllSent.executeUpdate();
    }

    /** Whether an object was sent for some namespace. */
    boolean isSent(long object) throws SQLException {
        isSent.setLong(1, object);
        return first(isSent) > 0;
    }

    /** Objects that were sent for a namespace, the oldest first. */
    List<Long> sentFor(Namespace namespace, int max) throws SQLException {
        sentFor.setLong(1, find(namespace));
        sentFor.setInt(2, max);
        List<Long> objects = new ArrayList<>();
        try (ResultSet row = sentFor.executeQuery()) {
            while (row.next()) {
                objects.add(row.getLong(1));
            }
        }
        return objects;
    }

    void repointSent(long from, long to) throws SQLException {
        repointSent.setLong(1, to);
        repointSent.setLong(2, from);
        repointSent.executeUpdate();
    }

    /** -1 if it has none. */
    long find(Namespace namespace) throws SQLException {
        findNamespace.setString(1, namespace.name());
        return first(findNamespace);
    }

    private long find(Provenance writer) throws SQLException {
        set(findWriter, writer);
        return first(findWriter);
    }

    private static long first(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            return row.next() ? row.getLong(1) : -1;
        }
    }

    private static void set(PreparedStatement statement, Provenance writer) throws SQLException {
        String[] values = {
            writer.token(),
            writer.issuer(),
            writer.subject(),
            writer.repository(),
            writer.ref(),
            writer.run(),
            writer.address()
        };
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                statement.setNull(i + 1, Types.VARCHAR);
            } else {
                statement.setString(i + 1, values[i]);
            }
        }
    }
}
