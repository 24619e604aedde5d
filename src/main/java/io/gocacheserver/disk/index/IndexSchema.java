package io.gocacheserver.disk.index;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The index's tables. {@code PRAGMA user_version} is the version of the program that made them; there are no migrations,
 * since a cache can start again.
 *
 * <ul>
 *   <li>{@code object}: one row an object. {@code size} is that of the object itself, {@code stored} that of what is kept
 *       of it, {@code coding} how (0: as it is, 1: Zstandard); {@code data} holds small ones,
 *       null means that they are in a blob.
 *   <li>{@code namespace}, {@code writer}: numbers for both; 0 is global, and a writer of whom nothing is known.
 *       {@code bytes} is the sum of the sizes of what its actions produced and of what was sent for it, kept of all but
 *       global.
 *   <li>{@code sent}: for which namespaces an object was sent without an action, or has lost its last one; not where an
 *       action of the namespace leads to it.
 *   <li>{@code action}: one row an action, by its namespace and its ID's bytes; {@code time} in Unix nanoseconds, {@code used} when it was
 *       last used, in Unix microseconds, coarsely; {@code pinned} is 1 while its upload is pending, and then it is not evicted.
 *   <li>{@code orphan}: objects that no action leads to, and when they were last used.
 *   <li>{@code upload}: what is still to be sent to the remote tier, in the order of its Puts; times in Unix milliseconds.
 *   <li>{@code purge}: who removed what by hand.
 *   <li>{@code totals}: one row of sums, kept up to date in the transaction that changes them, since counting a million
 *       rows takes seconds; {@code blob_bytes} is the space that blobs take in the file system.
 *   <li>{@code state}: what the service notes for its next start.
 * </ul>
 */
public final class IndexSchema {

    private static final int INCREMENTAL = 2;
    private static final int VERSION = 6;

    private static final String CREATE =
            """
            CREATE TABLE object (
              id INTEGER PRIMARY KEY, output_id BLOB NOT NULL UNIQUE, size INTEGER NOT NULL,
              stored INTEGER NOT NULL, coding INTEGER NOT NULL, data BLOB
            ) STRICT;
            CREATE TABLE namespace (
              id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL
            ) STRICT;
            INSERT INTO namespace VALUES (0, 'global', 0);
            CREATE TABLE writer (
              id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT, issuer TEXT, subject TEXT,
              repository TEXT, ref TEXT, run TEXT, address TEXT
            ) STRICT;
            CREATE INDEX writer_by_run ON writer (run, address, subject, token);
            CREATE TABLE action (
              namespace INTEGER NOT NULL, action_id BLOB NOT NULL,
              object INTEGER NOT NULL REFERENCES object (id), time INTEGER NOT NULL,
              used INTEGER NOT NULL, pinned INTEGER NOT NULL, writer INTEGER NOT NULL,
              PRIMARY KEY (namespace, action_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX action_by_object ON action (object);
            CREATE INDEX action_by_use ON action (used) WHERE pinned = 0;
            CREATE INDEX action_by_writer ON action (writer) WHERE writer > 0;
            CREATE TABLE sent (
              object INTEGER NOT NULL, namespace INTEGER NOT NULL,
              PRIMARY KEY (object, namespace)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX sent_by_namespace ON sent (namespace, object);
            CREATE TABLE orphan (
              object INTEGER PRIMARY KEY REFERENCES object (id), used INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX orphan_by_use ON orphan (used);
            CREATE TABLE upload (
              sequence INTEGER PRIMARY KEY AUTOINCREMENT, namespace INTEGER NOT NULL,
              action_id BLOB NOT NULL, since INTEGER NOT NULL, attempts INTEGER NOT NULL,
              not_before INTEGER NOT NULL, UNIQUE (namespace, action_id)
            ) STRICT;
            CREATE INDEX upload_by_time ON upload (not_before, sequence);
            CREATE TABLE purge (
              id INTEGER PRIMARY KEY, time INTEGER NOT NULL, purged_by TEXT NOT NULL,
              purged_from TEXT NOT NULL, kind TEXT NOT NULL, hex TEXT NOT NULL, reason TEXT,
              actions INTEGER NOT NULL, objects INTEGER NOT NULL, remote TEXT NOT NULL
            ) STRICT;
            CREATE TABLE totals (
              actions INTEGER NOT NULL, objects INTEGER NOT NULL, bytes INTEGER NOT NULL,
              stored_bytes INTEGER NOT NULL, blob_bytes INTEGER NOT NULL
            ) STRICT;
            INSERT INTO totals VALUES (0, 0, 0, 0, 0);
            CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            """;

    /** Each CI job is another writer. While the index is open their numbers are remembered, so they go at its start. */
    private static final String FORGET_WRITERS =
            "DELETE FROM writer WHERE NOT EXISTS (SELECT 1 FROM action a WHERE a.writer = writer.id AND a.writer > 0)";

    public static final class NewerIndexException extends SQLException {
        private static final long serialVersionUID = 1L;

        NewerIndexException(String message) {
            super(message);
        }
    }

    private IndexSchema() {}

    /**
     * Creates the tables of a new index, in one transaction.
     *
     * @throws NewerIndexException if a newer program wrote the index
     * @throws DamagedIndexException if an older program did, or its tables are others: it is of no more use than a damaged
     *     one
     */
    static void create(Connection connection) throws SQLException {
        long version = Sql.pragma(connection, "user_version");
        if (version > VERSION) {
            throw new NewerIndexException(
                    "the index has version %d, this program knows %d: it was written by a newer one"
                            .formatted(version, VERSION));
        }
        if (version > 0 && version < VERSION) {
            throw new DamagedIndexException(
                    "it has version %d, this program needs %d".formatted(version, VERSION));
        }
        try (Statement statement = connection.createStatement()) {
            if (version == 0) {
                connection.setAutoCommit(false);
                statement.executeUpdate(CREATE + "PRAGMA user_version = " + VERSION);
                connection.commit();
                connection.setAutoCommit(true);
            } else {
                statement.executeUpdate(FORGET_WRITERS);
            }
            // Space that eviction frees is to be given back. In a database with a log, this takes
            // effect with VACUUM.
            if (Sql.pragma(connection, "auto_vacuum") != INCREMENTAL) {
                statement.executeUpdate("PRAGMA auto_vacuum = INCREMENTAL");
                statement.executeUpdate("VACUUM");
            }
        }
    }
}
