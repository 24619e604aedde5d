package io.gocacheserver.disk.index;

import io.gocacheserver.cache.filter.LocalActions.SavedFilter;
import io.gocacheserver.cache.tier.PurgeLog.Purge;
import io.gocacheserver.model.Namespace;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.OptionalLong;

/** The other contents of the index, as the writer changes them: {@code state}, {@code purge}, free pages. */
public final class IndexNotes {

    /** The notes in {@code state}. */
    public enum Note {
        /** 1 once the store was closed in order, 0 while it is open. */
        CLOSED,
        /** 1 while objects are being searched in the blobs, since the index was lost. */
        REBUILDING,
        /** The last object's row that the scrub under way has checked. */
        SCRUB_POSITION,
        /** When the last scrub ended, in Unix seconds. */
        SCRUB_COMPLETED
    }

    private static final int MAX_PURGES = 1000;
    private static final int MAX_FILTERS = 256;

    private final Connection connection;
    private final PreparedStatement get;
    private final PreparedStatement set;
    private final PreparedStatement addPurge;
    private final PreparedStatement trimPurges;
    private final PreparedStatement saveFilter;
    private final PreparedStatement trimFilters;

    IndexNotes(PreparedStatements statements) throws SQLException {
        this.connection = statements.connection();
        get = statements.prepare("SELECT value FROM state WHERE key = ?");
        set = statements.prepare("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)");
        addPurge =
                statements.prepare(
                        """
                        INSERT INTO purge (time, purged_by, purged_from, kind, hex, reason, actions, objects, remote)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """);
        trimPurges =
                statements.prepare(
                        "DELETE FROM purge WHERE id <= (SELECT max(id) FROM purge) - "
                                + MAX_PURGES);
        saveFilter =
                statements.prepare(
                        """
                        INSERT OR REPLACE INTO filter (namespace, saved, listed, position, actions, bits)
                        VALUES (?, (SELECT ifnull(max(saved), 0) + 1 FROM filter), ?, ?, ?, ?)
                        """);
        trimFilters =
                statements.prepare(
                        "DELETE FROM filter WHERE saved <= (SELECT max(saved) FROM filter) - "
                                + MAX_FILTERS);
    }

    public OptionalLong get(Note note) throws SQLException {
        get.setString(1, note.name());
        try (ResultSet row = get.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    public void set(Note note, long value) throws SQLException {
        set.setString(1, note.name());
        set.setLong(2, value);
        set.executeUpdate();
    }

    public void add(Purge purge) throws SQLException {
        addPurge.setLong(1, purge.time().toEpochMilli());
        addPurge.setString(2, purge.by());
        addPurge.setString(3, purge.from());
        addPurge.setString(4, purge.kind());
        addPurge.setString(5, purge.id());
        addPurge.setString(6, purge.reason());
        addPurge.setInt(7, purge.actions());
        addPurge.setInt(8, purge.objects());
        addPurge.setString(9, purge.remote());
        addPurge.executeUpdate();
        trimPurges.executeUpdate();
    }

    /** Saves a filter of a namespace's actions; of {@value #MAX_FILTERS} namespaces, the latest. */
    public void save(Namespace namespace, SavedFilter saved) throws SQLException {
        byte[] bits = new byte[saved.filter().size()];
        saved.filter().copyTo(bits, 0);
        Instant listed = saved.listed();
        saveFilter.setString(1, namespace.name());
        saveFilter.setObject(2, listed == null ? null : listed.toEpochMilli());
        saveFilter.setString(3, saved.position());
        saveFilter.setLong(4, saved.actions());
        saveFilter.setBytes(5, bits);
        saveFilter.executeUpdate();
        trimFilters.executeUpdate();
    }

    long pragma(String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA " + name)) {
            row.next();
            return row.getLong(1);
        }
    }

    void vacuum(int pages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA incremental_vacuum(%d)".formatted(pages));
        }
    }
}
