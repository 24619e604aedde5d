package io.gocacheserver.build;

import io.gocacheserver.profile.BuildSettings;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * The builds that were reported to this replica: the newest 10,000 of them, and sums by day and module of the last 90 days
 * (of all replicas that share its bucket). All
 * methods may fail with a {@link io.gocacheserver.web.ProblemException}. Namespaces are those that may be seen, or null for all.
 */
public final class BuildStore {

    static final int MOST_BUILDS = 10_000;
    static final int MOST_DAYS = 90;

    private static final int SLACK = 100;

    private static final int MOST_MODULES_A_DAY = 1_000;
    private static final String OTHER_MODULES = "(other)";
    private static final TypeReference<Map<String, Long>> REASONS = new TypeReference<>() {};

    private final BuildDatabase database;
    private final InstantSource clock;
    private final JsonMapper json = JsonMapper.shared();

    BuildStore(BuildDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What builds are wanted; null for any, and 0 for any number. */
    public record Query(
            @Nullable List<String> namespaces,
            @Nullable String module,
            @Nullable String branch,
            @Nullable String job,
            @Nullable String client,
            boolean failed,
            long before,
            int limit) {}

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

    public record Missed(
            String name, String module, long misses, long builds, Map<String, Long> reasons) {}

    public record PackageAction(String name, String kind, String action, long build) {}

    /** Keeps a build, as part of the sums if its client may write ({@code counted}); the same with its number. {@code saved} is what it adds to the work saved, in milliseconds. */
    ReportedBuild add(
            ReportedBuild build, @Nullable BuildSettings settings, boolean counted, long saved) {
        return database.transact(
                sql -> {
                    long id =
                            sql.sql(
                                            "INSERT INTO build (report, settings) VALUES (?, ?) RETURNING id")
                                    .param(json.writeValueAsString(build))
                                    .param(
                                            settings == null
                                                    ? null
                                                    : json.writeValueAsString(settings))
                                    .query(Long.class)
                                    .single();
                    if (counted) {
                        count(sql, id, build, saved);
                    }
                    if (id % SLACK == 0) {
                        trim(sql, id);
                    }
                    return build.with(id, build.savedMillis());
                });
    }

    private static void count(JdbcClient sql, long id, ReportedBuild build, long saved) {
        String date = date(build.received());
        String module = build.module() == null ? "" : build.module();
        int others =
                sql.sql("SELECT count(*) FROM day WHERE date = ? AND module <> ? AND replica = ''")
                        .params(date, module)
                        .query(Integer.class)
                        .single();
        sql.sql(
                        """
                        INSERT INTO day SELECT ?, ?, namespace, 1, (report ->> 'serviceHits') + (report ->> 'misses'),
                        report ->> 'serviceHits', report ->> 'serviceFailures', report ->> 'waitMillis', ?,
                        report ->> 'bytesFetched', report ->> 'bytesUploaded', '' FROM build WHERE id = ?
                        ON CONFLICT DO UPDATE SET builds = builds + 1, gets = gets + excluded.gets,
                        hits = hits + excluded.hits, failures = failures + excluded.failures,
                        wait_millis = wait_millis + excluded.wait_millis,
                        saved_millis = saved_millis + excluded.saved_millis,
                        bytes_fetched = bytes_fetched + excluded.bytes_fetched,
                        bytes_uploaded = bytes_uploaded + excluded.bytes_uploaded
                        """)
                .params(date, others >= MOST_MODULES_A_DAY ? OTHER_MODULES : module, saved, id)
                .update();
    }

    private void trim(JdbcClient sql, long newest) {
        sql.sql("DELETE FROM build WHERE id <= ?").param(newest - MOST_BUILDS).update();
        String oldest = firstOf(MOST_DAYS + 1);
        sql.sql("DELETE FROM day WHERE date < ?").param(oldest).update();
        sql.sql("DELETE FROM missed WHERE date < ?").param(oldest).update();
        PackageTable.trim(sql, newest - MOST_BUILDS);
    }

    /** Newest first. */
    public List<ReportedBuild> builds(Query query) {
        String select =
                """
                SELECT json_set(report, '$.id', id) FROM build WHERE (:module IS NULL OR module = :module)
                AND (:branch IS NULL OR branch = :branch) AND (:job IS NULL OR job = :job)
                AND (:client IS NULL OR client = :client) AND (suffered OR NOT :failed)
                AND (id < :before OR :before = 0) AND (:all OR namespace IN (:namespaces))
                ORDER BY id DESC LIMIT :limit
                """;
        return database.transact(
                sql ->
                        BuildDatabase.seen(sql.sql(select), query.namespaces())
                                .param("module", query.module())
                                .param("branch", query.branch())
                                .param("job", query.job())
                                .param("client", query.client())
                                .param("failed", query.failed())
                                .param("before", query.before())
                                .param("limit", query.limit())
                                .query(this::build)
                                .list());
    }

    /** One build, or null. */
    public @Nullable ReportedBuild build(long id, @Nullable List<String> namespaces) {
        String select =
                "SELECT json_set(report, '$.id', id) FROM build WHERE id = :id AND (:all OR namespace IN (:namespaces))";
        return database.transact(
                sql ->
                        BuildDatabase.seen(sql.sql(select), namespaces)
                                .param("id", id)
                                .query(this::build)
                                .optional()
                                .orElse(null));
    }

    private ReportedBuild build(ResultSet row, int number) throws SQLException {
        return json.readValue(row.getString(1), ReportedBuild.class);
    }

    /** How many replicas the sums are of, at least this one. */
    public int replicas() {
        String select = "SELECT count(DISTINCT replica) + 1 FROM day WHERE replica <> ''";
        return database.transact(sql -> sql.sql(select).query(Integer.class).single());
    }

    /** Sums of the last so many days of all replicas, the latest first. */
    public List<Day> days(int days, @Nullable List<String> namespaces) {
        String select =
                """
                SELECT date, module, sum(builds) AS builds, sum(gets) AS gets, sum(hits) AS hits,
                sum(failures) AS failures, sum(wait_millis) AS wait_millis,
                sum(saved_millis) AS saved_millis, sum(bytes_fetched) AS bytes_fetched,
                sum(bytes_uploaded) AS bytes_uploaded
                FROM day WHERE date >= :first AND (:all OR namespace IN (:namespaces))
                GROUP BY date, module ORDER BY date DESC, module
                """;
        return database.transact(
                sql ->
                        BuildDatabase.seen(sql.sql(select), namespaces)
                                .param("first", firstOf(days))
                                .query(Day.class)
                                .list());
    }

    /** The packages that missed most in the last so many days. */
    public List<Missed> missed(int days, int limit, @Nullable List<String> namespaces) {
        String select =
                """
                WITH reasons AS (
                  SELECT package, module, reason, sum(misses) AS misses, sum(builds) AS builds
                  FROM missed WHERE date >= :first AND (:all OR namespace IN (:namespaces))
                  GROUP BY package, module, reason)
                SELECT package, module, sum(misses) AS total, sum(builds),
                json_group_object(reason, misses) FROM reasons
                GROUP BY package, module ORDER BY total DESC, package, module LIMIT :limit
                """;
        return database.transact(
                sql ->
                        BuildDatabase.seen(sql.sql(select), namespaces)
                                .param("first", firstOf(days))
                                .param("limit", limit)
                                .query(this::missed)
                                .list());
    }

    private Missed missed(ResultSet row, int number) throws SQLException {
        return new Missed(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                json.readValue(row.getString(5), REASONS));
    }

    /** The actions of a package that were used last, newest first. */
    public List<PackageAction> actions(String name, int limit, @Nullable List<String> namespaces) {
        String select =
                """
                SELECT n.text AS name, kind, lower(hex(action)) AS action, build
                FROM package p JOIN name n ON n.id = p.name
                WHERE n.text = :name AND kind <> 'test-inputs'
                AND (:all OR namespace IN (:namespaces)) ORDER BY build DESC LIMIT :limit
                """;
        return database.transact(
                sql ->
                        BuildDatabase.seen(sql.sql(select), namespaces)
                                .param("name", name)
                                .param("limit", limit)
                                .query(PackageAction.class)
                                .list());
    }

    private String firstOf(int days) {
        return date(clock.instant().minusSeconds(86_400L * (days - 1)));
    }

    static String date(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC).toString();
    }
}
