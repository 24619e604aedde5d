package io.gocacheserver.disk.index;

import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.List;

/** When actions, and objects without one, were last used: the order in which they are evicted. */
public final class UseOrder {

    private final Sql sql;
    private final RowKeys keys;

    /**
     * A candidate for eviction: an action, or an object without one.
     *
     * @param action null for an object without an action
     */
    public record Candidate(@Nullable ActionKey action, long object) {}

    UseOrder(Sql sql, RowKeys keys) {
        this.sql = sql;
        this.keys = keys;
    }

    public void touch(ActionKey action, long used) throws SQLException {
        keys.update(action, "UPDATE action SET used = ?", used);
    }

    public void touch(Candidate candidate, long used) throws SQLException {
        if (candidate.action() != null) {
            touch(candidate.action(), used);
        } else {
            touchObject(candidate.object(), used);
        }
    }

    /** Notes the use of an object by its hash: of one action that leads to it, or of the object if there is none. */
    public void touchObject(long object, long used) throws SQLException {
        int actions =
                sql.update(
                        """
                        UPDATE action SET used = ? WHERE (namespace, action_id) =
                            (SELECT namespace, action_id FROM action WHERE object = ? LIMIT 1)
                        """,
                        used,
                        object);
        if (actions == 0) {
            sql.update("UPDATE orphan SET used = ? WHERE object = ?", used, object);
        }
    }

    /** The least recently used actions of a namespace, those left out whose upload is pending. */
    public List<ActionKey> leastRecentlyUsed(Namespace namespace, int max) throws SQLException {
        return sql.list(
                """
                SELECT namespace, action_id FROM action
                WHERE namespace = (SELECT id FROM namespace WHERE name = ?) AND pinned = 0
                ORDER BY used LIMIT ?
                """,
                keys::key,
                namespace.name(),
                max);
    }

    /** What was last used before {@code limit}: so many orphans, then so many actions, each kind in the order of its use. */
    public List<Candidate> leastRecentlyUsed(long limit, int max) throws SQLException {
        List<Candidate> candidates =
                sql.list(
                        "SELECT object FROM orphan WHERE used < ? ORDER BY used LIMIT ?",
                        row -> new Candidate(null, row.getLong(1)),
                        limit,
                        max);
        candidates.addAll(
                sql.list(
                        """
                        SELECT namespace, action_id, object FROM action
                        WHERE pinned = 0 AND used < ? ORDER BY used LIMIT ?
                        """,
                        row -> new Candidate(keys.key(row), row.getLong(3)),
                        limit,
                        max));
        return candidates;
    }
}
