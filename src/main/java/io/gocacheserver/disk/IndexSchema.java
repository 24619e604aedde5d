package io.gocacheserver.disk;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The index's tables, and how an older index becomes a current one. {@code PRAGMA user_version} says which it is.
 *
 * <p>{@code object}: one row an object; {@code data} holds small ones, null means that they are in a blob. {@code
 * action}: one row an action, by its ID's bytes; {@code time} in Unix nanoseconds. {@code totals}: one row of sums over
 * both, kept up to date in the transaction that changes them, since counting a million rows takes seconds.
 */
final class IndexSchema {

    private static final List<List<String>> MIGRATIONS =
            List.of(
                    List.of(
                            """
                            CREATE TABLE object (
                              id INTEGER PRIMARY KEY,
                              output_id BLOB NOT NULL UNIQUE,
                              size INTEGER NOT NULL,
                              data BLOB
                            ) STRICT
                            """,
                            """
                            CREATE TABLE action (
                              action_id BLOB NOT NULL PRIMARY KEY,
                              object INTEGER NOT NULL REFERENCES object (id),
                              time INTEGER NOT NULL
                            ) STRICT, WITHOUT ROWID
                            """,
                            """
                            CREATE TABLE totals (
                              actions INTEGER NOT NULL,
                              objects INTEGER NOT NULL,
                              bytes INTEGER NOT NULL
                            ) STRICT
                            """,
                            "CREATE INDEX action_by_object ON action (object)",
                            "INSERT INTO totals VALUES (0, 0, 0)"));

    private IndexSchema() {}

    /** Brings the index up to the newest version, in one transaction. */
    static void migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version = version(statement);
            if (version > MIGRATIONS.size()) {
                throw new SQLException(
                        "the index has version %d, this program knows up to %d: it was written by a newer one"
                                .formatted(version, MIGRATIONS.size()));
            }
            connection.setAutoCommit(false);
            for (List<String> migration : MIGRATIONS.subList(version, MIGRATIONS.size())) {
                for (String sql : migration) {
                    statement.executeUpdate(sql);
                }
            }
            statement.executeUpdate("PRAGMA user_version = " + MIGRATIONS.size());
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            row.next();
            return row.getInt(1);
        }
    }
}
