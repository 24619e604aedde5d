package io.gocacheserver.page;

import io.gocacheserver.build.SavedTime;
import io.gocacheserver.module.ModuleProxy;
import io.gocacheserver.module.ModuleReport;
import io.gocacheserver.operations.Overview;
import io.gocacheserver.operations.Overviews;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import java.time.InstantSource;

/** {@code /status.json}: what the page says of this moment, which it asks for every few seconds. */
@RestController
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class StatusController {

    private final Overviews overviews;
    private final ThisReplica replica;
    private final RemoteState remote;
    private final ReportedWeek week;
    private final SavedTime savedTime;
    private final ModuleProxy modules;
    private final InstantSource clock = InstantSource.system();

    StatusController(
            Overviews overviews,
            ThisReplica replica,
            RemoteState remote,
            ReportedWeek week,
            SavedTime savedTime,
            ModuleProxy modules) {
        this.overviews = overviews;
        this.replica = replica;
        this.remote = remote;
        this.week = week;
        this.savedTime = savedTime;
        this.modules = modules;
    }

    @GetMapping(path = "/status.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ServiceStatus> status() {
        Overview overview = overviews.now();
        RemoteState.Known s3 = remote.known();
        ModuleReport module = modules.report();
        ServiceStatus status =
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
                        s3,
                        ServiceStatus.Uploads.of(overview.uploads()),
                        module,
                        savedTime.savedSeconds(),
                        Problems.of(overview, s3, module, week.now()));
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header("X-Content-Type-Options", "nosniff")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .body(status);
    }
}
