package io.gocacheserver.build;

import io.gocacheserver.profile.BuildSettings;
import io.gocacheserver.wire.PackageCodes;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What builds have used: a row for each package's action in a namespace, and for each build a list of rows with their
 * outcomes, as builds of one project use nearly the same rows. An element of that list is a row's number times 8, plus the
 * outcome, plus {@value #EXECUTED} if the action was executed.
 */
final class PackageTable {

    /** Rows that are kept; the oldest builds lose their lists for that. */
    static final int MOST_ROWS = 500_000;

    private static final int EXECUTED = 4;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Set<Long>> NUMBERS = new TypeReference<>() {};

    private static final String ROW =
            """
            SELECT p.id, n.text, p.kind, p.action, p.content, p.sources, p.deps, p.build, p.held
            FROM package p JOIN name n ON n.id = p.name
            WHERE (:all OR p.namespace IN (:namespaces)) AND\s""";

    private static final String USED =
            """
            SELECT %s FROM build b JOIN json_each(b.uses) u JOIN package p ON p.id = u.value / 8
            JOIN name n ON n.id = p.name WHERE b.id = ?
            """;

    private final JdbcClient sql;
    private final @Nullable List<String> namespaces;

    /** Within a transaction, and of the namespaces that may be seen; null for all. */
    PackageTable(JdbcClient sql, @Nullable List<String> namespaces) {
        this.sql = sql;
        this.namespaces = namespaces;
    }

    /**
     * A package's action.
     *
     * @param build the last that used it
     * @param held whether the service had it then
     * @param deps numbers of names
     */
    record Row(
            long id,
            String name,
            String kind,
            String action,
            @Nullable String content,
            @Nullable String sources,
            Set<Long> deps,
            long build,
            boolean held) {}

    /** A package as a build used it, as it stands in answers. */
    record Used(String name, String kind, String action, String outcome, boolean executed) {}

    /**
     * What is known of an earlier build.
     *
     * @param rows numbers of the rows that it used, sorted
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Past(long id, Instant received, @Nullable BuildSettings settings, long[] rows) {

        boolean used(Row row) {
            return Arrays.binarySearch(rows, row.id()) >= 0;
        }
    }

    @Nullable Row byAction(String action) {
        return seen(ROW + "p.action = :action ORDER BY p.build DESC LIMIT 1")
                .param("action", HexFormat.of().parseHex(action))
                .query(PackageTable::row)
                .optional()
                .orElse(null);
    }

    List<Row> byName(String name, String kind, int limit) {
        return seen(ROW + "n.text = :name AND p.kind = :kind ORDER BY p.build DESC LIMIT :limit")
                .param("name", name)
                .param("kind", kind)
                .param("limit", limit)
                .query(PackageTable::row)
                .list();
    }

    private StatementSpec seen(String select) {
        return BuildDatabase.seen(sql.sql(select), namespaces);
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                HexFormat.of().formatHex(row.getBytes(4)),
                row.getString(5),
                row.getString(6),
                JSON.readValue(row.getString(7), NUMBERS),
                row.getLong(8),
                row.getBoolean(9));
    }

    /** An earlier build, or null if it is not kept. */
    @Nullable Past past(long build) {
        return sql.sql("SELECT id, received, settings, uses FROM build WHERE id = ?")
                .param(build)
                .query(PackageTable::past)
                .optional()
                .orElse(null);
    }

    List<Past> recent(@Nullable String module, long before, int limit) {
        return seen("""
                    SELECT id, received, settings, uses FROM build
                    WHERE uses IS NOT NULL AND module IS :module AND id < :before
                    AND (:all OR namespace IN (:namespaces)) ORDER BY id DESC LIMIT :limit
                    """)
                .param("module", module)
                .param("before", before)
                .param("limit", limit)
                .query(PackageTable::past)
                .list();
    }

    private static Past past(ResultSet row, int number) throws SQLException {
        String settings = row.getString(3);
        String uses = row.getString(4);
        long[] rows = uses == null ? new long[0] : JSON.readValue(uses, long[].class);
        return new Past(
                row.getLong(1),
                Instant.parse(row.getString(2)),
                settings == null ? null : JSON.readValue(settings, BuildSettings.class),
                Arrays.stream(rows).map(use -> use / 8).sorted().toArray());
    }

    /** The packages of a build, in the order in which it used them; empty if they are not known. */
    List<Used> used(long build) {
        String what = "n.text, p.kind, lower(hex(p.action)), u.value & 3, u.value & 4";
        return sql.sql(USED.formatted(what) + " ORDER BY u.key")
                .param(build)
                .query(
                        (row, _) ->
                                new Used(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        PackageUse.outcomeWord(row.getInt(4)),
                                        row.getBoolean(5)))
                .list();
    }

    /** The content of each package that a build compiled or had. */
    Map<String, @Nullable String> contents(long build) {
        Map<String, @Nullable String> contents = new HashMap<>();
        sql.sql(USED.formatted("n.text, p.content") + " AND p.kind = 'compile'")
                .param(build)
                .query(
                        row -> {
                            contents.put(row.getString(1), row.getString(2));
                        });
        return contents;
    }

    /** The number of a name, which is made if need be. */
    long name(String text) {
        return sql.sql(
                        """
                        INSERT INTO name (text) VALUES (?)
                        ON CONFLICT DO UPDATE SET text = text RETURNING id
                        """)
                .param(text)
                .query(Long.class)
                .single();
    }

    /** Keeps what a build used; {@code uploads}: whether the service got all that the build made. */
    void put(long build, String namespace, List<PackageUse> uses, boolean uploads) {
        long[] names = uses.stream().mapToLong(use -> name(use.name())).toArray();
        List<Long> list = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            PackageUse use = uses.get(i);
            long[] deps = Arrays.stream(use.deps()).mapToLong(dep -> names[dep]).sorted().toArray();
            boolean held = use.outcome() == PackageCodes.SERVICE_HIT || (use.executed() && uploads);
            long id =
                    sql.sql(
                                    """
                                    INSERT INTO package (namespace, name, kind, action, content,
                                    sources, deps, build, held) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                                    ON CONFLICT DO UPDATE SET build = excluded.build,
                                    held = CASE WHEN ? THEN held ELSE excluded.held END,
                                    content = coalesce(excluded.content, content),
                                    sources = coalesce(excluded.sources, sources),
                                    deps = CASE excluded.deps WHEN '[]' THEN deps
                                    ELSE excluded.deps END RETURNING id
                                    """)
                            .param(namespace)
                            .param(names[i])
                            .param(use.kind())
                            .param(HexFormat.of().parseHex(use.action()))
                            .param(use.content())
                            .param(use.sources())
                            .param(JSON.writeValueAsString(deps))
                            .param(build)
                            .param(held)
                            .param(use.outcome() == PackageCodes.LOCAL_HIT)
                            .query(Long.class)
                            .single();
            list.add(8 * id + use.outcome() + (use.executed() ? EXECUTED : 0));
        }
        sql.sql("UPDATE build SET uses = ? WHERE id = ?")
                .params(JSON.writeValueAsString(list), build)
                .update();
    }

    /** Removes rows that no build uses that is kept, and builds' lists until there are not too many. */
    static void trim(JdbcClient sql, long oldest) {
        String delete = "DELETE FROM package WHERE build <= ?";
        sql.sql(delete).param(oldest).update();
        sql.sql("SELECT build FROM package ORDER BY build DESC LIMIT 1 OFFSET ?")
                .param(MOST_ROWS)
                .query(Long.class)
                .optional()
                .ifPresent(
                        surplus -> {
                            sql.sql(delete).param(surplus).update();
                            sql.sql("UPDATE build SET uses = NULL WHERE id <= ?")
                                    .param(surplus)
                                    .update();
                        });
        sql.sql("DELETE FROM name WHERE id NOT IN (SELECT name FROM package)").update();
    }
}
