package io.gocacheserver.page;

import io.gocacheserver.build.BuildStore;
import io.gocacheserver.build.ReportedBuild;
import io.gocacheserver.operations.CachedValue;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** What builds said of the last week, as far as {@link Problems} asks for it. Kept for some seconds. */
final class ReportedWeek {

    private static final Logger log = LoggerFactory.getLogger(ReportedWeek.class);
    private static final Duration KEEP = Duration.ofSeconds(10);
    private static final int DAYS = 7;
    private static final int MOST_SUFFERED = 1_000;
    private static final int MOST_PACKAGES = 200;
    private static final String FOLLOWS = "dependency";

    private final BuildStore store;
    private final InstantSource clock;
    private final CachedValue<Problems.Week> week;

    ReportedWeek(BuildStore store, InstantSource clock, LongSupplier nanoTime) {
        this.store = store;
        this.clock = clock;
        this.week = new CachedValue<>(this::read, KEEP, nanoTime);
    }

    Problems.Week now() {
        return week.get();
    }

    /** A history that cannot be read must not hide what else is wrong. */
    private Problems.Week read() {
        try {
            List<ReportedBuild> suffered = suffered();
            return new Problems.Week(
                    projects(),
                    suffered.size(),
                    suffered.isEmpty() ? null : suffered.getFirst().failure());
        } catch (RuntimeException e) {
            log.warn("the page does not know of builds: {}", e.getMessage());
            return new Problems.Week(List.of(), 0, null);
        }
    }

    private List<ReportedBuild> suffered() {
        Instant since = clock.instant().minus(Duration.ofDays(1));
        return store
                .builds(new BuildStore.Query(null, null, null, null, null, true, 0, MOST_SUFFERED))
                .stream()
                .filter(build -> build.received().isAfter(since))
                .toList();
    }

    private List<Problems.Project> projects() {
        Map<String, Problems.Project> projects = new HashMap<>();
        for (BuildStore.Day day : store.days(DAYS, null)) {
            projects.merge(
                    day.module(),
                    new Problems.Project(day.module(), day.builds(), day.gets(), day.hits(), null),
                    Problems.Project::and);
        }
        Map<String, Map<String, Long>> reasons = new HashMap<>();
        if (projects.values().stream().anyMatch(project -> project.hits() == 0)) {
            for (BuildStore.Missed missed : store.missed(DAYS, MOST_PACKAGES, null)) {
                Map<String, Long> sums =
                        reasons.computeIfAbsent(missed.module(), _ -> new HashMap<>());
                missed.reasons().forEach((reason, count) -> sums.merge(reason, count, Long::sum));
            }
        }
        return projects.values().stream()
                .map(each -> each.because(most(reasons.getOrDefault(each.module(), Map.of()))))
                .toList();
    }

    /** What follows from other misses is no reason. */
    private static @Nullable String most(Map<String, Long> reasons) {
        return reasons.entrySet().stream()
                .filter(each -> !each.getKey().equals(FOLLOWS))
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
