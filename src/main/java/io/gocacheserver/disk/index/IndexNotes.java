package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.PurgeLog.Purge;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/** The other contents of the index, as the writer changes them: {@code state}, {@code purge}, free pages. */
public final class IndexNotes {

    public enum Note {
        CLOSED, // 1 once the store was closed in order, 0 while it is open
        SCRUB_POSITION, // the last object's row that the scrub under way has checked
        SCRUB_COMPLETED // when the last scrub ended, in Unix seconds
    }

    public record Pages(long count, long free) {}

    private static final int MAX_PURGES = 1000;

    private final Sql sql;

    IndexNotes(Sql sql) {
        this.sql = sql;
    }

    public OptionalLong get(Note note) throws SQLException {
        return sql.first(
                        "SELECT value FROM state WHERE key = ?",
                        row -> OptionalLong.of(row.getLong(1)),
                        note.name())
                .orElse(OptionalLong.empty());
    }

    public void set(Note note, long value) throws SQLException {
        sql.update("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", note.name(), value);
    }

    public void add(Purge purge) throws SQLException {
        sql.update(
                """
                INSERT INTO purge (time, purged_by, purged_from, kind, hex, reason, actions, objects, remote)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                purge.time().toEpochMilli(),
                purge.by(),
                purge.from(),
                purge.kind(),
                purge.id(),
                purge.reason(),
                purge.actions(),
                purge.objects(),
                purge.remote());
        sql.update("DELETE FROM purge WHERE id <= (SELECT max(id) FROM purge) - ?", MAX_PURGES);
    }

    /** Gives free pages back to the file system; to be called inside a transaction of its own. */
    public Pages vacuum(long maxFree, int maxMoved) throws SQLException {
        long free = Sql.pragma(sql.connection(), "freelist_count");
        if (free > maxFree) {
            try (Statement statement = sql.connection().createStatement()) {
                statement.executeUpdate(
                        "PRAGMA incremental_vacuum(%d)"
                                .formatted(Math.min(maxMoved, free - maxFree)));
            }
            free = Sql.pragma(sql.connection(), "freelist_count");
        }
        return new Pages(Sql.pragma(sql.connection(), "page_count"), free);
    }
}
