package io.gocacheserver.disk;

import io.gocacheserver.cache.Content;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads what can still be read of a damaged index into a new one: actions with their objects, in pieces, of which a
 * damaged page costs only its own; and what is still to be uploaded. Nothing is believed: data are hashed, and blobs must
 * be there, and are hashed when they are first used.
 */
final class Salvage {

    private static final Logger log = LoggerFactory.getLogger(Salvage.class);
    private static final int PIECES = 1 << 12;
    private static final int BATCH_SIZE = 256;
    private static final int MAX_ID_BYTES = 500;

    private final DiskLayout layout;
    private final Index index;
    private final Blobs blobs;
    private final IndexNames writers = new IndexNames();
    private boolean withNamespaces = true;

    /** In the namespaces other than global there is less, and there may be many of them. */
    private static final int STEP_ELSEWHERE = PIECES / 16;

    private static final int FIRST_VERSION_WITH_NAMESPACES = 3;

    /** What was saved, and how many of the pieces could not be read to their end. */
    record Saved(long actions, int damagedPieces) {}

    private record Row(
            ActionKey action,
            long unixNanos,
            long used,
            StagedObject object,
            boolean upload,
            Provenance by) {}

    Salvage(DiskLayout layout, Index index, Blobs blobs) {
        this.layout = layout;
        this.index = index;
        this.blobs = blobs;
    }

    /**
     * Reads a damaged index.
     *
     * @throws SQLException if the new one fails; what is left can be saved later
     */
    Saved from(Path damaged) throws SQLException, InterruptedException {
        Connection connection;
        try {
            connection = new IndexConnections(damaged).reader();
        } catch (SQLException e) {
            log.warn("[disk] nothing can be read from the damaged index: {}", e.getMessage());
            return new Saved(0, PIECES);
        }
        try (connection) {
            return from(connection);
        }
    }

    private Saved from(Connection connection) throws SQLException, InterruptedException {
        Map<Long, Namespace> namespaces = namespaces(connection);
        Set<ActionKey> uploads = uploads(connection, namespaces);
        long actions = 0;
        int damaged = 0;
        for (Map.Entry<Long, Namespace> namespace : namespaces.entrySet()) {
            int step = namespace.getKey() == IndexNames.GLOBAL ? 1 : STEP_ELSEWHERE;
            for (int i = 0; i < PIECES; i += step) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                List<Row> rows = new ArrayList<>();
                try {
                    read(connection, namespace, i, i + step, uploads, rows);
                } catch (SQLException e) {
                    damaged++;
                }
                actions += insert(rows);
            }
        }
        return new Saved(actions, damaged);
    }

    /** Their numbers and names, global at least. */
    private Map<Long, Namespace> namespaces(Connection connection) {
        Map<Long, Namespace> namespaces = new TreeMap<>();
        namespaces.put(IndexNames.GLOBAL, Namespace.GLOBAL);
        try (PreparedStatement pragma = connection.prepareStatement("PRAGMA user_version");
                ResultSet version = pragma.executeQuery()) {
            withNamespaces = version.next() && version.getInt(1) >= FIRST_VERSION_WITH_NAMESPACES;
        } catch (SQLException e) {
            withNamespaces = true;
        }
        if (!withNamespaces) {
            return namespaces;
        }
        try (PreparedStatement query =
                        connection.prepareStatement("SELECT id, name FROM namespace");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                namespaces.put(row.getLong(1), new Namespace(row.getString(2)));
            }
        } catch (SQLException | IllegalArgumentException e) {
            log.warn(
                    "[disk] only {} namespaces can be read from the damaged index: {}",
                    namespaces.size(),
                    e.getMessage());
        }
        return namespaces;
    }

    private Set<ActionKey> uploads(Connection connection, Map<Long, Namespace> namespaces) {
        Set<ActionKey> uploads = new HashSet<>();
        try (PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT action_id, %s FROM upload ORDER BY sequence"
                                        .formatted(withNamespaces ? "namespace" : "0"));
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                Namespace namespace = namespaces.get(row.getLong(2));
                if (namespace != null) {
                    uploads.add(new ActionKey(namespace, ActionId.of(row.getBytes(1))));
                }
            }
        } catch (SQLException | IllegalArgumentException e) {
            log.warn(
                    "[disk] only {} pending uploads can be read from the damaged index: {}",
                    uploads.size(),
                    e.getMessage());
        }
        return uploads;
    }

    /** With a statement of its own for each piece: the driver closes one that has met damage. */
    private void read(
            Connection connection,
            Map.Entry<Long, Namespace> namespace,
            int from,
            int to,
            Set<ActionKey> uploads,
            List<Row> rows)
            throws SQLException {
        String writer = withNamespaces ? "a.writer" : "0";
        String inNamespace = withNamespaces ? "a.namespace = " + namespace.getKey() + " AND " : "";
        String sql =
                "SELECT a.action_id, a.time, a.used, o.output_id, o.size, o.stored, o.coding, o.data, "
                        + writer
                        + " FROM action a CROSS JOIN object o ON o.id = a.object WHERE "
                        + inNamespace
                        + "a.action_id >= ? AND a.action_id < ?";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setBytes(1, bound(from));
            query.setBytes(2, bound(to));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    try {
                        ActionKey action =
                                new ActionKey(namespace.getValue(), ActionId.of(row.getBytes(1)));
                        byte[] data = row.getBytes(8);
                        StagedObject object =
                                new StagedObject(
                                        OutputId.of(row.getBytes(4)),
                                        row.getLong(5),
                                        row.getLong(6),
                                        ObjectRows.coding(row.getInt(7)),
                                        data,
                                        null);
                        if (isUsable(object)) {
                            rows.add(
                                    new Row(
                                            action,
                                            row.getLong(2),
                                            row.getLong(3),
                                            object,
                                            uploads.contains(action),
                                            writer(row.getLong(9), connection)));
                        }
                    } catch (IllegalArgumentException | IOException e) {
                        log.debug("a damaged row", e);
                    }
                }
            }
        }
    }

    private Provenance writer(long id, Connection connection) {
        try {
            return writers.writer(id, connection);
        } catch (SQLException e) {
            return Provenance.UNKNOWN;
        }
    }

    private boolean isUsable(StagedObject object) throws IOException {
        byte[] data = object.data();
        if (data == null) {
            return layout.blob(object.output(), object.coding()).toFile().length()
                    == object.stored();
        }
        Content content = new Content.InMemory(data, object.coding(), object.size());
        return ObjectCheck.fault(object.output(), content) == null;
    }

    private long insert(List<Row> rows) throws SQLException {
        long inserted = 0;
        for (int i = 0; i < rows.size(); i += BATCH_SIZE) {
            List<Row> batch = rows.subList(i, Math.min(rows.size(), i + BATCH_SIZE));
            inserted +=
                    index.change(
                            writer -> {
                                long count = 0;
                                for (Row row : batch) {
                                    count += insert(row, writer) ? 1 : 0;
                                }
                                return count;
                            });
            batch.forEach(row -> index.added(row.action()));
        }
        return inserted;
    }

    /** Unless the action has been put again since. */
    private boolean insert(Row row, IndexWriter writer) throws SQLException {
        if (writer.actions().objectOf(row.action()).isPresent()) {
            return false;
        }
        ObjectRows.Known known = writer.objects().find(row.object().output());
        long object = known != null ? known.id() : writer.insertObject(row.object());
        if (known == null && row.object().data() == null) {
            writer.afterCommit(() -> blobs.known(row.object().stored()));
        }
        writer.putAction(row.action(), object, row.unixNanos(), row.used(), row.by());
        if (row.upload()) {
            writer.putUpload(row.action(), row.used());
        }
        return true;
    }

    /** The lowest action ID of a piece: its first 12 bits. */
    private static byte[] bound(int piece) {
        byte[] bound = new byte[piece == PIECES ? MAX_ID_BYTES : 2];
        if (piece == PIECES) {
            Arrays.fill(bound, (byte) -1);
        } else {
            bound[0] = (byte) (piece >> 4);
            bound[1] = (byte) (piece << 4);
        }
        return bound;
    }
}
