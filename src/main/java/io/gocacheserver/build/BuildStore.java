package io.gocacheserver.build;

import io.gocacheserver.profile.BuildSettings;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The builds that were reported to this replica: the newest 10,000 of them, and sums by day and module of the last 90 days. All
 * methods may fail with {@link BuildDatabase.FailedException}.
 */
public final class BuildStore {

    static final int MOST_BUILDS = 10_000;
    static final int MOST_DAYS = 90;

    /** Builds are removed so many at a time. */
    private static final int SLACK = 100;

    private static final int MOST_MODULES_A_DAY = 1_000;
    private static final String OTHER_MODULES = "(other)";

    private static final BuildDatabase.Row<Missed> MISSED =
            row ->
                    new Missed(
                            row.getString(1),
                            row.getString(2),
                            row.getLong(4),
                            row.getLong(5),
                            new LinkedHashMap<>(Map.of(row.getString(3), row.getLong(4))));

    private final BuildDatabase database;
    private final InstantSource clock;
    private final JsonMapper json = JsonMapper.shared();

    BuildStore(BuildDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * What builds are wanted; null for any.
     *
     * @param namespaces those that may be seen, or null for all
     * @param before only builds with smaller numbers; 0 for all
     */
    public record Query(
            @Nullable List<String> namespaces,
            @Nullable String module,
            @Nullable String branch,
            @Nullable String job,
            @Nullable String client,
            boolean failed,
            long before,
            int limit) {

        /** The latest of all. */
        public static Query latest(int limit) {
            return new Query(null, null, null, null, null, false, 0, limit);
        }
    }

    /** Sums of a day and a module. Gets are those that the service was asked for; hits those that it answered. */
    public record Day(
            String date,
            String module,
            long builds,
            long gets,
            long hits,
            long failures,
            long waitMillis,
            long savedMillis,
            long bytesFetched,
            long bytesUploaded) {}

    /** A package that missed, and how often, by reason. */
    public record Missed(
            String name, String module, long misses, long builds, Map<String, Long> reasons) {}

    /**
     * Keeps a build.
     *
     * @param counted whether it is part of the sums: its client may write
     * @param saved what it adds to the work saved, in milliseconds
     * @return the same with its number
     */
    ReportedBuild add(
            ReportedBuild build, @Nullable BuildSettings settings, boolean counted, long saved) {
        return database.transact(
                it -> {
                    long id =
                            it.insert(
                                    "INSERT INTO build (received, namespace, module, branch, job,"
                                            + " client, suffered, report, settings)"
                                            + " VALUES (?, ?, ?, ?, ?, ?, ?, '', ?)",
                                    build.received().toEpochMilli(),
                                    build.namespace(),
                                    build.module(),
                                    build.branch(),
                                    build.job(),
                                    build.client(),
                                    build.suffered() ? 1 : 0,
                                    settings == null ? null : json.writeValueAsString(settings));
                    ReportedBuild kept = build.kept(id);
                    it.update(
                            "UPDATE build SET report = ? WHERE id = ?",
                            json.writeValueAsString(kept),
                            id);
                    if (counted) {
                        count(it, kept, saved);
                    }
                    if (id % SLACK == 0) {
                        trim(it, id);
                    }
                    return kept;
                });
    }

    private void count(BuildDatabase it, ReportedBuild build, long saved) throws SQLException {
        String date = date(build.received());
        String module = build.module() == null ? "" : build.module();
        Integer others =
                it.first(
                        "SELECT count(*) FROM day WHERE date = ? AND module <> ?",
                        row -> row.getInt(1),
                        date,
                        module);
        it.update(
                "INSERT INTO day VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO UPDATE SET builds = builds + 1, gets = gets + excluded.gets,"
                        + " hits = hits + excluded.hits, failures = failures + excluded.failures,"
                        + " wait_millis = wait_millis + excluded.wait_millis,"
                        + " saved_millis = saved_millis + excluded.saved_millis,"
                        + " bytes_fetched = bytes_fetched + excluded.bytes_fetched,"
                        + " bytes_uploaded = bytes_uploaded + excluded.bytes_uploaded",
                date,
                others != null && others >= MOST_MODULES_A_DAY ? OTHER_MODULES : module,
                build.namespace(),
                build.serviceHits() + build.misses(),
                build.serviceHits(),
                build.serviceFailures(),
                build.waitMillis(),
                saved,
                build.bytesFetched(),
                build.bytesUploaded());
    }

    /** Removes what is too old. */
    private void trim(BuildDatabase it, long newest) throws SQLException {
        it.update("DELETE FROM build WHERE id <= ?", newest - MOST_BUILDS);
        String oldest = date(clock.instant().minusSeconds(86_400L * MOST_DAYS));
        it.update("DELETE FROM day WHERE date < ?", oldest);
        it.update("DELETE FROM missed WHERE date < ?", oldest);
        PackageTable.trim(it, newest - MOST_BUILDS);
    }

    /** Newest first. */
    public List<ReportedBuild> builds(Query query) {
        StringBuilder sql = new StringBuilder("SELECT report FROM build WHERE TRUE");
        List<@Nullable Object> values = new ArrayList<>();
        add(sql, values, "module", query.module());
        add(sql, values, "branch", query.branch());
        add(sql, values, "job", query.job());
        add(sql, values, "client", query.client());
        addNamespaces(sql, values, query.namespaces());
        sql.append(query.failed() ? " AND suffered = 1" : "");
        if (query.before() > 0) {
            sql.append(" AND id < ?");
            values.add(query.before());
        }
        sql.append(" ORDER BY id DESC LIMIT ?");
        values.add(query.limit());
        return database.transact(it -> it.all(sql.toString(), this::build, values.toArray()));
    }

    /**
     * One build, or null.
     *
     * @param namespaces those that may be seen, or null for all
     */
    public @Nullable ReportedBuild build(long id, @Nullable List<String> namespaces) {
        StringBuilder sql = new StringBuilder("SELECT report FROM build WHERE id = ?");
        List<@Nullable Object> values = new ArrayList<>(List.of(id));
        addNamespaces(sql, values, namespaces);
        return database.transact(it -> it.first(sql.toString(), this::build, values.toArray()));
    }

    private ReportedBuild build(ResultSet row) throws SQLException {
        return json.readValue(row.getString(1), ReportedBuild.class);
    }

    /** Sums of the last so many days, the latest first. */
    public List<Day> days(int days, @Nullable List<String> namespaces) {
        StringBuilder sql =
                new StringBuilder(
                        "SELECT date, module, sum(builds), sum(gets), sum(hits), sum(failures),"
                                + " sum(wait_millis), sum(saved_millis), sum(bytes_fetched),"
                                + " sum(bytes_uploaded) FROM day WHERE date >= ?");
        List<@Nullable Object> values = new ArrayList<>(List.of(firstOf(days)));
        addNamespaces(sql, values, namespaces);
        sql.append(" GROUP BY date, module ORDER BY date DESC, module");
        return database.transact(
                it ->
                        it.all(
                                sql.toString(),
                                row ->
                                        new Day(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getLong(3),
                                                row.getLong(4),
                                                row.getLong(5),
                                                row.getLong(6),
                                                row.getLong(7),
                                                row.getLong(8),
                                                row.getLong(9),
                                                row.getLong(10)),
                                values.toArray()));
    }

    /** The packages that missed most in the last so many days. */
    public List<Missed> missed(int days, int limit, @Nullable List<String> namespaces) {
        StringBuilder sql =
                new StringBuilder(
                        "SELECT package, module, reason, sum(misses), sum(builds),"
                                + " sum(sum(misses)) OVER (PARTITION BY package, module) AS total"
                                + " FROM missed"
                                + " WHERE date >= ?");
        List<@Nullable Object> values = new ArrayList<>(List.of(firstOf(days)));
        addNamespaces(sql, values, namespaces);
        sql.append(
                " GROUP BY package, module, reason ORDER BY total DESC, package, module, reason"
                        + " LIMIT ?");
        values.add(limit * MissReason.values().length);
        List<Missed> missed = new ArrayList<>();
        for (Missed row :
                database.transact(it -> it.all(sql.toString(), MISSED, values.toArray()))) {
            Missed last = missed.isEmpty() ? null : missed.getLast();
            if (last == null
                    || !last.name().equals(row.name())
                    || !last.module().equals(row.module())) {
                missed.add(row);
            } else {
                last.reasons().putAll(row.reasons());
                missed.set(
                        missed.size() - 1,
                        new Missed(
                                row.name(),
                                row.module(),
                                last.misses() + row.misses(),
                                last.builds() + row.builds(),
                                last.reasons()));
            }
        }
        return missed.subList(0, Math.min(limit, missed.size()));
    }

    /** An action of a package, and the last build that used it. */
    public record PackageAction(String name, String kind, String action, long build) {}

    /** The actions of a package that were used last, newest first. */
    public List<PackageAction> actions(String name, int limit, @Nullable List<String> namespaces) {
        return database.transact(
                it -> {
                    PackageTable table = new PackageTable(it, namespaces);
                    List<PackageTable.Row> rows =
                            new ArrayList<>(table.byName(name, PackageUse.COMPILE, limit));
                    rows.addAll(table.byName(name, PackageUse.TEST, limit));
                    return rows.stream()
                            .sorted(Comparator.comparingLong(PackageTable.Row::build).reversed())
                            .limit(limit)
                            .map(
                                    row ->
                                            new PackageAction(
                                                    row.name(),
                                                    row.kind(),
                                                    row.action(),
                                                    row.build()))
                            .toList();
                });
    }

    private String firstOf(int days) {
        return date(clock.instant().minusSeconds(86_400L * (days - 1)));
    }

    static String date(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC).toString();
    }

    private static void add(
            StringBuilder sql,
            List<@Nullable Object> values,
            String column,
            @Nullable String value) {
        if (value != null) {
            sql.append(" AND ").append(column).append(" = ?");
            values.add(value);
        }
    }

    static void addNamespaces(
            StringBuilder sql, List<@Nullable Object> values, @Nullable List<String> namespaces) {
        if (namespaces != null) {
            sql.append(" AND namespace IN (")
                    .append(String.join(", ", Collections.nCopies(namespaces.size(), "?")))
                    .append(')');
            values.addAll(namespaces);
        }
    }
}
