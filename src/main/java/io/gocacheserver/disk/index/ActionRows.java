package io.gocacheserver.disk.index;

import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The tables {@code action} and {@code orphan}, as the writer changes them. */
public final class ActionRows {

    /**
     * A candidate for eviction: an action, or an object without one.
     *
     * @param action null for an object without an action
     * @param object its object's row
     */
    public record Candidate(@Nullable ActionKey action, long object) {}

    private final RowKeys keys;
    private final PreparedStatement objectOf;
    private final PreparedStatement byObject;
    private final PreparedStatement leads;
    private final PreparedStatement upsert;
    private final PreparedStatement pin;
    private final PreparedStatement touch;
    private final PreparedStatement touchObject;
    private final PreparedStatement repointActions;
    private final PreparedStatement repointOrphan;
    private final PreparedStatement delete;
    private final PreparedStatement insertOrphan;
    private final PreparedStatement touchOrphan;
    private final PreparedStatement deleteOrphan;
    private final PreparedStatement isOrphan;
    private final PreparedStatement oldestActions;
    private final PreparedStatement oldestOrphans;
    private final PreparedStatement oldestIn;

    ActionRows(PreparedStatements statements, RowKeys keys) throws SQLException {
        this.keys = keys;
        objectOf =
                statements.prepare(
                        "SELECT object FROM action WHERE namespace = ? AND action_id = ?");
        byObject =
                statements.prepare(
                        "SELECT namespace, action_id FROM action WHERE object = ? LIMIT ?");
        leads =
                statements.prepare(
                        "SELECT 1 FROM action WHERE object = ? AND namespace = ? LIMIT 1");
        upsert =
                statements.prepare(
                        """
                        INSERT INTO action (namespace, action_id, object, time, used, pinned, writer)
                        VALUES (?, ?, ?, ?, ?, 0, ?)
                        ON CONFLICT (namespace, action_id) DO UPDATE
                        SET object = excluded.object, time = excluded.time, used = excluded.used,
                            writer = excluded.writer
                        """);
        pin =
                statements.prepare(
                        "UPDATE action SET pinned = ?, used = ? WHERE namespace = ? AND action_id = ?");
        touch =
                statements.prepare(
                        "UPDATE action SET used = ? WHERE namespace = ? AND action_id = ?");
        touchObject =
                statements.prepare(
                        """
                        UPDATE action SET used = ?
                        WHERE (namespace, action_id) =
                            (SELECT namespace, action_id FROM action WHERE object = ? LIMIT 1)
                        """);
        repointActions = statements.prepare("UPDATE action SET object = ? WHERE object = ?");
        repointOrphan = statements.prepare("UPDATE orphan SET object = ? WHERE object = ?");
        delete = statements.prepare("DELETE FROM action WHERE namespace = ? AND action_id = ?");
        insertOrphan =
                statements.prepare("INSERT OR REPLACE INTO orphan (object, used) VALUES (?, ?)");
        touchOrphan = statements.prepare("UPDATE orphan SET used = ? WHERE object = ?");
        deleteOrphan = statements.prepare("DELETE FROM orphan WHERE object = ?");
        isOrphan = statements.prepare("SELECT 1 FROM orphan WHERE object = ?");
        oldestActions =
                statements.prepare(
                        "SELECT namespace, action_id, object FROM action WHERE pinned = 0 AND used < ? ORDER BY used LIMIT ?");
        oldestIn =
                statements.prepare(
                        """
                        SELECT namespace, action_id FROM action
                        WHERE namespace = (SELECT id FROM namespace WHERE name = ?) AND pinned = 0
                        ORDER BY used LIMIT ?
                        """);
        oldestOrphans =
                statements.prepare(
                        "SELECT object FROM orphan WHERE used < ? ORDER BY used LIMIT ?");
    }

    /** The row of an action's object, if the action is known. */
    public OptionalLong objectOf(ActionKey action) throws SQLException {
        keys.set(objectOf, 1, action);
        try (ResultSet row = objectOf.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    /** Actions that lead to an object, at most so many. */
    List<ActionKey> leadingTo(long object, int max) throws SQLException {
        byObject.setLong(1, object);
        byObject.setInt(2, max);
        List<ActionKey> actions = new ArrayList<>();
        try (ResultSet row = byObject.executeQuery()) {
            while (row.next()) {
                actions.add(keys.key(row.getLong(1), row.getBytes(2)));
            }
        }
        return actions;
    }

    /** Whether an action of a namespace leads to an object. */
    boolean leads(long namespace, long object) throws SQLException {
        leads.setLong(1, object);
        leads.setLong(2, namespace);
        try (ResultSet row = leads.executeQuery()) {
            return row.next();
        }
    }

    void put(ActionKey action, long object, long unixNanos, long used, Provenance by)
            throws SQLException {
        upsert.setLong(1, keys.ensure(action.namespace()));
        upsert.setBytes(2, action.action().bytes());
        upsert.setLong(3, object);
        upsert.setLong(4, unixNanos);
        upsert.setLong(5, used);
        upsert.setLong(6, keys.ensure(by));
        upsert.executeUpdate();
    }

    void pin(ActionKey action, boolean pinned, long used) throws SQLException {
        pin.setBoolean(1, pinned);
        pin.setLong(2, used);
        keys.set(pin, 3, action);
        pin.executeUpdate();
    }

    public void touch(ActionKey action, long used) throws SQLException {
        touch.setLong(1, used);
        keys.set(touch, 2, action);
        touch.executeUpdate();
    }

    /** Notes the use of an object by its hash: of one action that leads to it, or of the object if there is none. */
    public void touchObject(long object, long used) throws SQLException {
        touchObject.setLong(1, used);
        touchObject.setLong(2, object);
        if (touchObject.executeUpdate() == 0) {
            touchOrphan.setLong(1, used);
            touchOrphan.setLong(2, object);
            touchOrphan.executeUpdate();
        }
    }

    /** Has all that leads to one row of an object lead to another one. */
    void repoint(long from, long to) throws SQLException {
        for (PreparedStatement statement : List.of(repointActions, repointOrphan)) {
            statement.setLong(1, to);
            statement.setLong(2, from);
            statement.executeUpdate();
        }
    }

    /** Whether there was such an action. */
    boolean delete(ActionKey action) throws SQLException {
        keys.set(delete, 1, action);
        return delete.executeUpdate() > 0;
    }

    void insertOrphan(long object, long used) throws SQLException {
        insertOrphan.setLong(1, object);
        insertOrphan.setLong(2, used);
        insertOrphan.executeUpdate();
    }

    public void deleteOrphan(long object) throws SQLException {
        deleteOrphan.setLong(1, object);
        deleteOrphan.executeUpdate();
    }

    boolean isOrphan(long object) throws SQLException {
        isOrphan.setLong(1, object);
        try (ResultSet row = isOrphan.executeQuery()) {
            return row.next();
        }
    }

    /** The least recently used actions of a namespace, those left out whose upload is pending. */
    public List<ActionKey> leastRecentlyUsed(Namespace namespace, int max) throws SQLException {
        List<ActionKey> actions = new ArrayList<>();
        oldestIn.setString(1, namespace.name());
        oldestIn.setInt(2, max);
        try (ResultSet row = oldestIn.executeQuery()) {
            while (row.next()) {
                actions.add(keys.key(row.getLong(1), row.getBytes(2)));
            }
        }
        return actions;
    }

    /** What was last used before {@code limit}: so many orphans, then so many actions, each kind in the order of its use. */
    public List<Candidate> leastRecentlyUsed(long limit, int max) throws SQLException {
        List<Candidate> candidates = new ArrayList<>();
        oldestOrphans.setLong(1, limit);
        oldestOrphans.setInt(2, max);
        try (ResultSet row = oldestOrphans.executeQuery()) {
            while (row.next()) {
                candidates.add(new Candidate(null, row.getLong(1)));
            }
        }
        oldestActions.setLong(1, limit);
        oldestActions.setInt(2, max);
        try (ResultSet row = oldestActions.executeQuery()) {
            while (row.next()) {
                candidates.add(
                        new Candidate(keys.key(row.getLong(1), row.getBytes(2)), row.getLong(3)));
            }
        }
        return candidates;
    }
}
