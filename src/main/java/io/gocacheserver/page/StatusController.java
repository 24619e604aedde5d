package io.gocacheserver.page;

import io.gocacheserver.build.BuildStore;
import io.gocacheserver.build.SavedTime;
import io.gocacheserver.operations.Overview;
import io.gocacheserver.operations.Overviews;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.wire.ProblemType;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import java.time.InstantSource;

/** {@code /status.json} and {@code /status/history.json}: the data of the page, which asks for them every few seconds. */
@RestController
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class StatusController {

    private static final int BUILDS = 50;

    private final Overviews overviews;
    private final ThisReplica replica;
    private final RemoteState remote;
    private final BuildStore builds;
    private final SavedTime savedTime;
    private final History history;
    private final InstantSource clock = InstantSource.system();

    StatusController(
            Overviews overviews,
            ThisReplica replica,
            RemoteState remote,
            BuildStore builds,
            SavedTime savedTime,
            History history) {
        this.overviews = overviews;
        this.replica = replica;
        this.remote = remote;
        this.builds = builds;
        this.savedTime = savedTime;
        this.history = history;
    }

    @GetMapping(path = "/status.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ServiceStatus> status() {
        Overview overview = overviews.now();
        return uncached(
                new ServiceStatus(
                        replica.version(),
                        replica.name(),
                        replica.started(),
                        clock.instant(),
                        overview.state(),
                        overview.problem(),
                        overview.requests(),
                        ServiceStatus.Traffic.of(overview.traffic()),
                        ServiceStatus.Disk.of(overview.disk()),
                        remote.known(),
                        ServiceStatus.Uploads.of(overview.uploads()),
                        savedTime.savedSeconds(),
                        builds.builds(BuildStore.Query.latest(BUILDS))));
    }

    /**
     * The points of the charts.
     *
     * @param range {@code hour} for the fine ones, {@code day} for the coarse ones
     */
    @GetMapping(path = "/status/history.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<History.Columns> history(@RequestParam(defaultValue = "hour") String range) {
        return switch (range) {
            case "hour" -> uncached(history.fine());
            case "day" -> uncached(history.coarse());
            default ->
                    throw new ProblemException(
                            ProblemType.BAD_REQUEST, "range must be hour or day");
        };
    }

    private static <T> ResponseEntity<T> uncached(T body) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header("X-Content-Type-Options", "nosniff")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .body(body);
    }
}
