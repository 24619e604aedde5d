package io.gocacheserver.disk.index;

import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The numbers that stand in the index for namespaces and writers. Numbers are never used twice, so what has been found out
 * once stays true; {@link Namespace#GLOBAL} is 0, and so is a writer of whom nothing is known. What a connection is asked for
 * here is kept, so it must see only what is committed.
 */
final class IndexNames {

    static final long UNKNOWN_WRITER = 0;

    /** Bounds what is remembered of writers, who come with each CI job. */
    private static final int MAX_WRITERS = 10_000;

    private final Map<Namespace, Long> namespaceIds = new ConcurrentHashMap<>();
    private final Map<Long, Namespace> namespaces = new ConcurrentHashMap<>();
    private final Map<Long, Provenance> writers = new ConcurrentHashMap<>();
    private final Map<Provenance, Long> writerIds = new ConcurrentHashMap<>();

    IndexNames() {
        add(Namespace.GLOBAL, 0);
    }

    void add(Namespace namespace, long id) {
        namespaceIds.put(namespace, id);
        namespaces.put(id, namespace);
    }

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

    @Nullable Namespace knownNamespace(long id) {
        return namespaces.get(id);
    }

    /** A namespace's number, or -1 if the index has none. */
    long id(Namespace namespace, Sql sql) throws SQLException {
        Long known = namespaceIds.get(namespace);
        if (known != null) {
            return known;
        }
        long id = readId(namespace, sql);
        if (id >= 0) {
            add(namespace, id);
        }
        return id;
    }

    Namespace namespace(long id, Sql sql) throws SQLException {
        Namespace known = namespaces.get(id);
        if (known == null) {
            known = read(id, sql);
            add(known, id);
        }
        return known;
    }

    /** The same, of which nothing is kept: what a transaction has written may be rolled back. */
    static long readId(Namespace namespace, Sql sql) throws SQLException {
        return sql.number(-1, "SELECT id FROM namespace WHERE name = ?", namespace.name());
    }

    static Namespace read(long id, Sql sql) throws SQLException {
        return sql.first(
                        "SELECT name FROM namespace WHERE id = ?",
                        row -> Namespace.stored(row.getString(1)),
                        id)
                .orElseThrow(() -> new DamagedIndexException("a row names the namespace " + id));
    }

    Provenance writer(long id, Sql sql) throws SQLException {
        if (id == UNKNOWN_WRITER) {
            return Provenance.UNKNOWN;
        }
        Provenance known = writers.get(id);
        if (known == null) {
            known =
                    sql.first("SELECT * FROM writer WHERE id = ?", IndexNames::writer, id)
                            .orElse(Provenance.UNKNOWN);
            add(known, id);
        }
        return known;
    }

    private static Provenance writer(ResultSet row) throws SQLException {
        Map<String, String> texts = new HashMap<>();
        for (String name : Provenance.NAMES) {
            texts.put(name, row.getString(name));
        }
        return Provenance.of(texts::get);
    }
}
