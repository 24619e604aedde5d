package io.gocacheserver.disk.index;

import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;

/** The tables {@code namespace}, {@code writer} and {@code sent}, as the writer changes them. */
final class NameRows {

    private final PreparedStatement findNamespace;
    private final PreparedStatement insertNamespace;
    private final PreparedStatement addBytes;
    private final PreparedStatement findWriter;
    private final PreparedStatement insertWriter;
    private final PreparedStatement insertSent;
    private final PreparedStatement deleteSent;
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
        deleteSent = statements.prepare("DELETE FROM sent WHERE object = ?");
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

    /** Notes that an object was sent for a namespace. */
    void addSent(long object, long namespace) throws SQLException {
        insertSent.setLong(1, object);
        insertSent.setLong(2, namespace);
        insertSent.executeUpdate();
    }

    void deleteSent(long object) throws SQLException {
        deleteSent.setLong(1, object);
        deleteSent.executeUpdate();
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
