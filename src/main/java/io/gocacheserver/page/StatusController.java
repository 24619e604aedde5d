package io.gocacheserver.page;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.gocacheserver.build.BuildStore;
import io.gocacheserver.build.ReportedBuild;
import io.gocacheserver.build.SavedTime;
import io.gocacheserver.module.ModuleProxy;
import io.gocacheserver.module.ModuleReport;
import io.gocacheserver.operations.CachedValue;
import io.gocacheserver.operations.Overview;
import io.gocacheserver.operations.Overviews;
import io.gocacheserver.operations.RemoteHealth;
import io.gocacheserver.page.Problems.Project;
import io.gocacheserver.page.Problems.Week;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code /status.json}: what the page says of this moment, which it asks for every few seconds. */
@RestController
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class StatusController {

    private static final Logger log = LoggerFactory.getLogger(StatusController.class);
    private static final Duration KEPT = Duration.ofSeconds(10);
    private static final int DAYS = 7;
    private static final int MOST_PACKAGES = 200;
    private static final BuildStore.Query SUFFERED =
            new BuildStore.Query(null, null, null, null, null, true, 0, 1_000);

    /** What follows from other misses is no reason. */
    private static final String FOLLOWS = "dependency";

    private final Overviews overviews;
    private final String version;
    private final RemoteState remote;
    private final BuildStore store;
    private final CachedValue<Week> week;
    private final SavedTime savedTime;
    private final ModuleProxy modules;
    private final InstantSource clock = InstantSource.system();
    private final String replica = hostName();
    private final Instant started =
            Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());

    StatusController(
            Overviews overviews,
            BuildProperties build,
            RemoteHealth health,
            BuildStore store,
            SavedTime savedTime,
            ModuleProxy modules) {
        this.overviews = overviews;
        this.version = String.valueOf(build.getVersion());
        this.remote =
                new RemoteState(
                        health.indicator(),
                        KEPT,
                        Thread.ofVirtual().name("page-s3")::start,
                        System::nanoTime);
        this.store = store;
        this.week = new CachedValue<>(this::week, KEPT, System::nanoTime);
        this.savedTime = savedTime;
        this.modules = modules;
    }

    @GetMapping(path = "/status.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ServiceStatus> status() {
        Overview overview = overviews.now();
        RemoteState.Known s3 = remote.known();
        ModuleReport module = modules.report();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header("X-Content-Type-Options", "nosniff")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .body(
                        new ServiceStatus(
                                version,
                                replica,
                                started,
                                clock.instant(),
                                overview,
                                s3,
                                module,
                                savedTime.savedSeconds(),
                                Problems.of(overview, s3, module, week.get())));
    }

    /** What builds said of the last week. A history that cannot be read must not hide what else is wrong. */
    private Week week() {
        try {
            Instant since = clock.instant().minus(Duration.ofDays(1));
            List<ReportedBuild> suffered =
                    store.builds(SUFFERED).stream()
                            .filter(build -> build.received().isAfter(since))
                            .toList();
            String failure = suffered.isEmpty() ? null : suffered.getFirst().failure();
            return new Week(projects(), suffered.size(), failure);
        } catch (RuntimeException e) {
            log.warn("the page does not know of builds: {}", e.getMessage());
            return new Week(List.of(), 0, null);
        }
    }

    private List<Project> projects() {
        Map<String, Map<String, Long>> reasons = new HashMap<>();
        for (BuildStore.Missed missed : store.missed(DAYS, MOST_PACKAGES, null)) {
            Map<String, Long> sums = reasons.computeIfAbsent(missed.module(), _ -> new HashMap<>());
            missed.reasons().forEach((reason, count) -> sums.merge(reason, count, Long::sum));
        }
        Map<String, Project> projects = new HashMap<>();
        for (BuildStore.Day day : store.days(DAYS, null)) {
            String most =
                    reasons.getOrDefault(day.module(), Map.of()).entrySet().stream()
                            .filter(each -> !each.getKey().equals(FOLLOWS))
                            .max(Map.Entry.comparingByValue())
                            .map(Map.Entry::getKey)
                            .orElse(null);
            Project ofDay = new Project(day.module(), day.builds(), day.gets(), day.hits(), most);
            projects.merge(day.module(), ofDay, Project::and);
        }
        return List.copyOf(projects.values());
    }

    /** From the environment where that has it: a name server that does not answer would cost seconds. */
    private static String hostName() {
        String name = System.getenv("HOSTNAME");
        if (name != null && !name.isEmpty()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    /** What the page shows; the purges are for administrators. */
    record ServiceStatus(
            String version,
            String replica,
            Instant started,
            Instant time,
            @JsonUnwrapped @JsonIgnoreProperties("purges") Overview overview,
            RemoteState.Known s3,
            ModuleReport modules,
            double savedSeconds,
            List<Problems.Found> problems) {}
}
