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
 * once stays true; {@link Namespace#GLOBAL} is 0, and so is a writer of whom nothing is known. One is for all readers, which
 * see only what is committed; the writer's own is cleared when a transaction is rolled back.
 */
final class IndexNames {

    /** Bounds what is remembered of writers, who come with each CI job. */
    private static final int MAX_WRITERS = 10_000;

    private final Map<Namespace, Long> namespaceIds = new ConcurrentHashMap<>();
    private final Map<Long, Namespace> namespaces = new ConcurrentHashMap<>();
    private final Map<Long, Provenance> writers = new ConcurrentHashMap<>();
    private final Map<Provenance, Long> writerIds = new ConcurrentHashMap<>();

    IndexNames() {
        clear();
    }

    void clear() {
        namespaceIds.clear();
        namespaces.clear();
        writers.clear();
        writerIds.clear();
        add(Namespace.GLOBAL, 0);
        add(Provenance.UNKNOWN, 0);
    }

    private void add(Namespace namespace, long id) {
        namespaceIds.put(namespace, id);
        namespaces.put(id, namespace);
    }

    private void add(Provenance writer, long id) {
        if (writerIds.size() >= MAX_WRITERS) {
            clear();
        }
        writers.put(id, writer);
        writerIds.put(writer, id);
    }

    /** A namespace's number; -1, which no row has, if it has none. */
    long id(Namespace namespace, Sql sql) throws SQLException {
        Long known = namespaceIds.get(namespace);
        if (known != null) {
            return known;
        }
        long id = sql.number(-1, "SELECT id FROM namespace WHERE name = ?", namespace.name());
        if (id >= 0) {
            add(namespace, id);
        }
        return id;
    }

    Namespace namespace(long id, Sql sql) throws SQLException {
        Namespace known = namespaces.get(id);
        if (known == null) {
            known =
                    sql.first(
                                    "SELECT name FROM namespace WHERE id = ?",
                                    row -> Namespace.stored(row.getString(1)),
                                    id)
                            .orElseThrow(
                                    () ->
                                            new DamagedIndexException(
                                                    "a row names the namespace " + id));
            add(known, id);
        }
        return known;
    }

    Provenance writer(long id, Sql sql) throws SQLException {
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

    /** A namespace's number; it gets one if it has none. For the writer. */
    long ensure(Namespace namespace, Sql sql) throws SQLException {
        if (id(namespace, sql) < 0) {
            sql.update(
                    "INSERT INTO namespace (id, name, bytes) SELECT max(id) + 1, ?, 0 FROM namespace",
                    namespace.name());
        }
        return id(namespace, sql);
    }

    /** The same of a writer. */
    long ensure(Provenance writer, Sql sql) throws SQLException {
        Long known = writerIds.get(writer);
        if (known != null) {
            return known;
        }
        String find =
                """
                SELECT id FROM writer WHERE token IS ? AND issuer IS ? AND subject IS ?
                AND repository IS ? AND ref IS ? AND run IS ? AND address IS ?
                """;
        @Nullable Object[] values = writer.texts();
        long id = sql.number(-1, find, values);
        if (id < 0) {
            sql.update(
                    """
                    INSERT INTO writer (token, issuer, subject, repository, ref, run, address)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                    values);
            id = sql.number(-1, find, values);
        }
        add(writer, id);
        return id;
    }
}
