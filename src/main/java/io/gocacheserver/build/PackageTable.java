package io.gocacheserver.build;

import io.gocacheserver.profile.BuildSettings;
import io.gocacheserver.wire.PackageCodes;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What builds have used: a row for each package's action in a namespace, and for each build a list of rows with their
 * outcomes. The list takes some three bytes a package: builds of one project use nearly the same rows.
 *
 * <p>Numbers in lists have seven bits a byte, the lowest first; a row's number is written as its difference to the one
 * before.
 */
final class PackageTable {

    /** Rows that are kept; the oldest builds lose their lists for that. */
    static final int MOST_ROWS = 500_000;

    private static final String PAST = "SELECT id, received, settings, uses FROM build WHERE ";
    private static final int EXECUTED = 4;
    private static final int OUTCOMES = 3;

    private final BuildDatabase database;
    private final @Nullable List<String> namespaces;

    /**
     * @param database within a transaction
     * @param namespaces those that may be seen, or null for all
     */
    PackageTable(BuildDatabase database, @Nullable List<String> namespaces) {
        this.database = database;
        this.namespaces = namespaces;
    }

    /**
     * A package's action.
     *
     * @param build the last that used it
     * @param held whether the service had it then
     * @param deps numbers of names, sorted
     */
    record Row(
            long id,
            String name,
            String kind,
            String action,
            @Nullable String content,
            @Nullable String sources,
            List<Long> deps,
            long build,
            boolean held) {}

    /** A row as a build used it. */
    record Used(Row row, int outcome, boolean executed) {}

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

    /** The last row of this action, or null. */
    @Nullable Row byAction(String action) throws SQLException {
        return rows("p.action = ?", " ORDER BY p.build DESC LIMIT 1", bytes(action)).stream()
                .findFirst()
                .orElse(null);
    }

    /** The rows of a package, those that were used last first. */
    List<Row> byName(String name, String kind, int limit) throws SQLException {
        return rows(
                "n.text = ? AND p.kind = ?", " ORDER BY p.build DESC LIMIT " + limit, name, kind);
    }

    private List<Row> rows(String where, String order, Object... values) throws SQLException {
        StringBuilder sql =
                new StringBuilder(
                        "SELECT p.id, n.text, p.kind, p.action, p.content, p.sources, p.deps,"
                                + " p.build, p.held FROM package p JOIN name n ON n.id = p.name"
                                + " WHERE ");
        sql.append(where);
        List<@Nullable Object> all = new ArrayList<>(Arrays.asList(values));
        BuildStore.addNamespaces(sql, all, namespaces);
        return database.all(sql.append(order).toString(), PackageTable::row, all.toArray());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                HexFormat.of().formatHex(row.getBytes(4)),
                row.getString(5),
                row.getString(6),
                numbers(row.getBytes(7)),
                row.getLong(8),
                row.getInt(9) == 1);
    }

    /** An earlier build, or null if it is not kept. */
    @Nullable Past past(long build) throws SQLException {
        return database.first(PAST + "id = ?", PackageTable::past, build);
    }

    /** The latest builds of a module whose packages are known, newest first. */
    List<Past> recent(@Nullable String module, int limit) throws SQLException {
        StringBuilder sql = new StringBuilder(PAST + "uses IS NOT NULL AND module IS ?");
        List<@Nullable Object> values = new ArrayList<>();
        values.add(module);
        BuildStore.addNamespaces(sql, values, namespaces);
        sql.append(" ORDER BY id DESC LIMIT ").append(limit);
        return database.all(sql.toString(), PackageTable::past, values.toArray());
    }

    private static Past past(ResultSet row) throws SQLException {
        String settings = row.getString(3);
        long[] rows = uses(row.getBytes(4)).stream().mapToLong(Listed::row).sorted().toArray();
        return new Past(
                row.getLong(1),
                Instant.ofEpochMilli(row.getLong(2)),
                settings == null
                        ? null
                        : JsonMapper.shared().readValue(settings, BuildSettings.class),
                rows);
    }

    /** An element of a build's list. */
    private record Listed(long row, int how) {}

    private static List<Listed> uses(byte @Nullable [] list) {
        List<Listed> uses = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(list == null ? new byte[0] : list);
        long id = 0;
        while (in.hasRemaining()) {
            long step = number(in);
            id += (step >>> 1) ^ -(step & 1);
            uses.add(new Listed(id, in.get()));
        }
        return uses;
    }

    /** The packages of a build, in the order in which it used them; empty if they are not known. */
    List<Used> used(long build) throws SQLException {
        byte[] list =
                database.first(
                        "SELECT uses FROM build WHERE id = ?", row -> row.getBytes(1), build);
        List<Used> used = new ArrayList<>();
        for (Listed each : uses(list)) {
            for (Row row : rows("p.id = ?", "", each.row())) {
                used.add(new Used(row, each.how() & OUTCOMES, (each.how() & EXECUTED) != 0));
            }
        }
        return used;
    }

    /** The content of each package that a build compiled or had. */
    Map<String, @Nullable String> contents(long build) throws SQLException {
        Map<String, @Nullable String> contents = new HashMap<>();
        for (Used each : used(build)) {
            if (each.row().kind().equals(PackageUse.COMPILE)) {
                contents.put(each.row().name(), each.row().content());
            }
        }
        return contents;
    }

    /** The number of a name, which is made if need be. */
    long name(String text) throws SQLException {
        Long id = database.first("SELECT id FROM name WHERE text = ?", row -> row.getLong(1), text);
        return id == null ? database.insert("INSERT INTO name (text) VALUES (?)", text) : id;
    }

    /**
     * Keeps what a build used.
     *
     * @param uploads whether the service got all that the build made
     */
    void put(long build, String namespace, List<PackageUse> uses, boolean uploads)
            throws SQLException {
        long[] names = new long[uses.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = name(uses.get(i).name());
        }
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        long before = 0;
        for (int i = 0; i < names.length; i++) {
            PackageUse use = uses.get(i);
            ByteArrayOutputStream deps = new ByteArrayOutputStream();
            Arrays.stream(use.deps())
                    .mapToLong(dep -> names[dep])
                    .sorted()
                    .forEach(dep -> write(deps, dep));
            boolean held = use.outcome() == PackageCodes.SERVICE_HIT || (use.executed() && uploads);
            Long id =
                    database.first(
                            "INSERT INTO package (namespace, name, kind, action, content, sources,"
                                    + " deps, build, held) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                    + " ON CONFLICT DO UPDATE SET build = excluded.build,"
                                    + " held = CASE WHEN ? THEN held ELSE excluded.held END,"
                                    + " content = coalesce(excluded.content, content),"
                                    + " sources = coalesce(excluded.sources, sources),"
                                    + " deps = CASE length(excluded.deps) WHEN 0 THEN deps"
                                    + " ELSE excluded.deps END RETURNING id",
                            row -> row.getLong(1),
                            namespace,
                            names[i],
                            use.kind(),
                            bytes(use.action()),
                            use.content(),
                            use.sources(),
                            deps.toByteArray(),
                            build,
                            held ? 1 : 0,
                            use.outcome() == PackageCodes.LOCAL_HIT ? 1 : 0);
            if (id != null) {
                long step = id - before;
                write(list, (step << 1) ^ (step >> 63));
                list.write(use.outcome() | (use.executed() ? EXECUTED : 0));
                before = id;
            }
        }
        database.update("UPDATE build SET uses = ? WHERE id = ?", list.toByteArray(), build);
    }

    /** Removes rows that no build uses that is kept, and builds' lists until there are not too many. */
    static void trim(BuildDatabase database, long oldest) throws SQLException {
        database.update("DELETE FROM package WHERE build <= ?", oldest);
        Long surplus =
                database.first(
                        "SELECT build FROM package ORDER BY build DESC LIMIT 1 OFFSET ?",
                        row -> row.getLong(1),
                        MOST_ROWS);
        if (surplus != null) {
            database.update("DELETE FROM package WHERE build <= ?", surplus);
            database.update("UPDATE build SET uses = NULL WHERE id <= ?", surplus);
        }
        database.update("DELETE FROM name WHERE id NOT IN (SELECT name FROM package)");
    }

    private static byte[] bytes(String action) {
        return HexFormat.of().parseHex(action);
    }

    private static void write(ByteArrayOutputStream out, long number) {
        long rest = number;
        while (rest >= 0x80 || rest < 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = in.get();
            number |= (part & 0x7fL) << shift;
            if (part >= 0) {
                return number;
            }
        }
    }

    private static List<Long> numbers(byte[] list) {
        List<Long> numbers = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(list);
        while (in.hasRemaining()) {
            numbers.add(number(in));
        }
        return numbers;
    }
}
