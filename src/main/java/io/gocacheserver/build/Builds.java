package io.gocacheserver.build;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.profile.BuildSettings;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.wire.ProblemType;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What comes of a report: it is counted, kept, and its misses are explained. */
final class Builds implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(Builds.class);

    /** Packages may follow a report for so long. */
    private static final Duration PACKAGES_WITHIN = Duration.ofHours(1);

    /** Misses of one build that are counted by package. */
    private static final int MOST_COUNTED = 200;

    private static final TypeReference<List<Explainer.Root>> ROOTS = new TypeReference<>() {};

    private final BuildDatabase database;
    private final BuildStore store;
    private final SavedTime savedTime;
    private final Consumer<ReportedBuild> listener;
    private final RateLimitedLog failures = new RateLimitedLog(log, System::nanoTime);
    private final RateLimitedLog suffering = new RateLimitedLog(log, System::nanoTime);
    private final Map<MissReason, LongAdder> roots = new EnumMap<>(MissReason.class);

    /** {@code listener} hears of each build that was reported. */
    Builds(
            BuildDatabase database,
            BuildStore store,
            SavedTime savedTime,
            Consumer<ReportedBuild> listener) {
        this.database = database;
        this.store = store;
        this.savedTime = savedTime;
        this.listener = listener;
        for (MissReason reason : MissReason.values()) {
            roots.put(reason, new LongAdder());
        }
    }

    record Detail(
            @JsonUnwrapped ReportedBuild build,
            List<PackageTable.Used> packages,
            List<Explainer.Root> roots) {}

    /** Counts and keeps a build; the same with its number, which is 0 if it could not be kept. */
    ReportedBuild add(BuildReportReader.Report report, Access access) {
        // who is not trusted to write changes no sum
        long saved = access.writes() == null ? 0 : savedTime.add(report.build());
        ReportedBuild build = report.build().with(0, savedTime.estimateMillis(report.build()));
        try {
            build = store.add(build, report.settings(), access.writes() != null, saved);
        } catch (ProblemException e) {
            failures.warn("[builds] " + e.getMessage());
        }
        if (build.suffered()) {
            String line =
                    "[builds] build %d suffered: %s of %s by %s waited %d ms, %d requests failed (last: %s), %d objects did not come"
                            .formatted(
                                    build.id(),
                                    Objects.requireNonNullElse(build.command(), "go"),
                                    Objects.requireNonNullElse(build.module(), "no module"),
                                    Objects.requireNonNullElse(build.client(), "anybody"),
                                    build.waitMillis(),
                                    build.serviceFailures(),
                                    build.failure(),
                                    build.unsent());
            if (access.writes() == null) {
                suffering.warn(line); // anybody may claim it
            } else {
                log.warn(line);
            }
        }
        listener.accept(build);
        return build;
    }

    /** Keeps the packages of a build, once, and explains its misses. */
    List<Explainer.Root> addPackages(long id, List<PackageUse> uses, Access access, Instant now) {
        List<String> readable = access.reads().stream().map(Namespace::name).toList();
        return database.transact(
                it -> {
                    ReportedBuild build = own(id, readable, access, now);
                    PackageTable table = new PackageTable(it, readable);
                    if (!table.used(id).isEmpty()) {
                        throw new ProblemException(
                                ProblemType.BAD_REQUEST,
                                "the packages of build %d are known".formatted(id));
                    }
                    List<PackageUse> named = uses.stream().map(use -> named(table, use)).toList();
                    PackageTable.Past past = table.past(id);
                    BuildSettings settings = past == null ? null : past.settings();
                    Explainer explainer = new Explainer(table, named, build, settings);
                    List<Explainer.Root> found = explainer.roots();
                    table.put(id, build.namespace(), named, build.unsent() == 0);
                    it.sql("UPDATE build SET roots = ? WHERE id = ?")
                            .params(JsonMapper.shared().writeValueAsString(found), id)
                            .update();
                    if (access.writes() != null) {
                        count(it, build, named, explainer, found);
                    }
                    return found;
                });
    }

    private ReportedBuild own(long id, List<String> readable, Access access, Instant now) {
        ReportedBuild build = store.build(id, readable);
        String client = BuildReportReader.client(access);
        if (build == null
                || !Objects.equals(build.client(), client)
                || build.received().isBefore(now.minus(PACKAGES_WITHIN))) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND,
                    "there is no build %d of this client that is new".formatted(id));
        }
        return build;
    }

    /** Lists of what tests read have no name by themselves: the build that made one knew it. */
    private static PackageUse named(PackageTable table, PackageUse use) {
        PackageTable.Row known = use.name().isEmpty() ? table.byAction(use.action()) : null;
        return known == null ? use : use.named(known.name());
    }

    private void count(
            JdbcClient it,
            ReportedBuild build,
            List<PackageUse> uses,
            Explainer explainer,
            List<Explainer.Root> found) {
        Map<String, MissReason> reasons = new HashMap<>();
        for (Explainer.Root root : found) {
            reasons.put(root.kind() + root.name(), root.reason());
            roots.computeIfAbsent(root.reason(), _ -> new LongAdder()).increment();
        }
        Set<String> counted = new HashSet<>();
        for (int i : explainer.missed().stream().limit(MOST_COUNTED).toArray()) {
            PackageUse use = uses.get(i);
            MissReason reason =
                    explainer.isRoot(i)
                            ? reasons.getOrDefault(use.kind() + use.name(), MissReason.NOT_KNOWN)
                            : MissReason.DEPENDENCY;
            it.sql(
                            """
                            INSERT INTO missed VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE
                            SET misses = misses + 1, builds = builds + excluded.builds
                            """)
                    .params(
                            BuildStore.date(build.received()),
                            build.namespace(),
                            Objects.requireNonNullElse(build.module(), ""),
                            use.path(),
                            reason.word(),
                            counted.add(use.path()) ? 1 : 0)
                    .update();
        }
    }

    /** A build with its packages, or null if none of these namespaces has it; null for all namespaces. */
    @Nullable Detail detail(long id, @Nullable List<String> namespaces) {
        return database.transact(
                it -> {
                    ReportedBuild build = store.build(id, namespaces);
                    if (build == null) {
                        return null;
                    }
                    List<PackageTable.Used> packages = new PackageTable(it, null).used(id);
                    String kept =
                            it.sql("SELECT coalesce(roots, '[]') FROM build WHERE id = ?")
                                    .param(id)
                                    .query(String.class)
                                    .single();
                    return new Detail(build, packages, JsonMapper.shared().readValue(kept, ROOTS));
                });
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        roots.forEach(
                (reason, count) ->
                        FunctionCounter.builder("gocache.builds.roots", count, LongAdder::sum)
                                .description(
                                        "Packages that missed though all that they import hit, of builds that named them")
                                .tag("reason", reason.word())
                                .register(registry));
    }
}
