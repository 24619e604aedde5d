package io.gocacheserver.disk.index;

import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The numbers that stand in the index for namespaces and writers. Numbers are never used twice, so what has been found out
 * once stays true; {@link Namespace#GLOBAL} is 0, and so is a writer of whom nothing is known.
 */
final class IndexNames {

    static final long GLOBAL = 0;
    static final long UNKNOWN_WRITER = 0;

    /** Bounds what is remembered of writers, who come with each CI job. */
    private static final int MAX_WRITERS = 10_000;

    private final Map<Namespace, Long> namespaceIds = new ConcurrentHashMap<>();
    private final Map<Long, Namespace> namespaces = new ConcurrentHashMap<>();
    private final Map<Long, Provenance> writers = new ConcurrentHashMap<>();
    private final Map<Provenance, Long> writerIds = new ConcurrentHashMap<>();

    IndexNames() {
        add(Namespace.GLOBAL, GLOBAL);
    }

    /** Notes a namespace whose row is committed. */
    void add(Namespace namespace, long id) {
        namespaceIds.put(namespace, id);
        namespaces.put(id, namespace);
    }

    /** Notes a writer whose row is committed. */
    void add(Provenance writer, long id) {
        if (writerIds.size() >= MAX_WRITERS) {
            writerIds.clear();
            writers.clear();
        }
        writers.put(id, writer);
        writerIds.put(writer, id);
    }

    @Nullable Long known(Namespace namespace) {
        return namespaceIds.get(namespace);
    }

    @Nullable Long known(Provenance writer) {
        return writerIds.get(writer);
    }

    /** A namespace's number, or -1 if the index has none; by a connection that sees only what is committed. */
    long id(Namespace namespace, Connection connection) throws SQLException {
        Long known = namespaceIds.get(namespace);
        if (known != null) {
            return known;
        }
        try (PreparedStatement query =
                connection.prepareStatement("SELECT id FROM namespace WHERE name = ?")) {
            query.setString(1, namespace.name());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return -1;
                }
                add(namespace, row.getLong(1));
                return row.getLong(1);
            }
        }
    }

    @Nullable Namespace knownNamespace(long id) {
        return namespaces.get(id);
    }

    /** By a connection that sees only what is committed. */
    Namespace namespace(long id, Connection connection) throws SQLException {
        Namespace known = namespaces.get(id);
        if (known == null) {
            known = read(id, connection);
            add(known, id);
        }
        return known;
    }

    /** The same, of which nothing is kept: what a transaction has written may be rolled back. */
    static Namespace read(long id, Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT name FROM namespace WHERE id = ?")) {
            query.setLong(1, id);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new DamagedIndexException("a row names the namespace " + id);
                }
                return Namespace.stored(row.getString(1));
            }
        }
    }

    Provenance writer(long id, Connection connection) throws SQLException {
        if (id == UNKNOWN_WRITER) {
            return Provenance.UNKNOWN;
        }
        Provenance known = writers.get(id);
        if (known != null) {
            return known;
        }
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT token, issuer, subject, repository, ref, run, address FROM writer WHERE id = ?")) {
            query.setLong(1, id);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Provenance.UNKNOWN;
                }
                Provenance writer = provenance(row);
                add(writer, id);
                return writer;
            }
        }
    }

    private static Provenance provenance(ResultSet row) throws SQLException {
        Map<String, String> texts = new HashMap<>();
        for (String name : Provenance.NAMES) {
            texts.put(name, row.getString(name));
        }
        return Provenance.of(texts::get);
    }
}
