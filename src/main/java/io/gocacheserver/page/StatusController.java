package io.gocacheserver.page;

import io.gocacheserver.build.BuildStore;
import io.gocacheserver.build.SavedTime;
import io.gocacheserver.module.ModuleProxy;
import io.gocacheserver.module.ModuleReport;
import io.gocacheserver.operations.Overview;
import io.gocacheserver.operations.Overviews;
import io.gocacheserver.operations.RemoteHealth;

import org.jspecify.annotations.Nullable;
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
import java.util.List;
import java.util.Map;

/** {@code /status.json}: what the page says of this moment, which it asks for every few seconds. */
@RestController
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class StatusController {

    private static final Duration S3_KEPT = Duration.ofSeconds(10);

    private final Overviews overviews;
    private final String version;
    private final RemoteState remote;
    private final ReportedWeek week;
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
                        S3_KEPT,
                        Thread.ofVirtual().name("page-s3")::start,
                        System::nanoTime);
        this.week = new ReportedWeek(store, clock, System::nanoTime);
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
                        version,
                        replica,
                        started,
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

    /** The current numbers of the page. Numbers of bytes and counts since the process started; durations in seconds. */
    record ServiceStatus(
            String version,
            String replica,
            Instant started,
            Instant time,
            String state,
            @Nullable String problem,
            Overview.Requests requests,
            Traffic traffic,
            Disk disk,
            RemoteState.Known s3,
            @Nullable Uploads uploads,
            ModuleReport modules,
            double savedSeconds,
            List<Problems.Found> problems) {

        static long sum(Map<String, Long> counts) {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Bytes of objects on the wire; {@code saved} were not sent since objects were sent compressed. */
        record Traffic(long in, long out, long saved) {

            static Traffic of(Overview.Wire wire) {
                return new Traffic(wire.in().bytes(), wire.out().bytes(), wire.saved().bytes());
            }
        }

        record Disk(
                long actions,
                long objects,
                long size,
                long stored,
                long directory,
                long limit,
                long volumeFree,
                @Nullable Long oldestIdleSeconds,
                long evictedActions,
                long evictedBytes,
                long damaged) {

            static Disk of(Overview.Disk disk) {
                Duration idle = disk.oldestIdle();
                return new Disk(
                        disk.actions(),
                        disk.objects(),
                        disk.size().bytes(),
                        disk.stored().bytes(),
                        disk.directory().bytes(),
                        disk.limit().bytes(),
                        disk.volumeFree().bytes(),
                        idle == null ? null : idle.toSeconds(),
                        disk.evictions().values().stream()
                                .mapToLong(Overview.Evicted::actions)
                                .sum(),
                        disk.evictions().values().stream()
                                .mapToLong(evicted -> evicted.stored().bytes())
                                .sum(),
                        sum(disk.corruptions()));
            }
        }

        record Uploads(
                long queued,
                int running,
                long oldestSeconds,
                boolean paused,
                long dropped,
                long givenUp) {

            static @Nullable Uploads of(Overview.@Nullable Uploads uploads) {
                return uploads == null
                        ? null
                        : new Uploads(
                                uploads.queued(),
                                uploads.running(),
                                uploads.oldest().toSeconds(),
                                uploads.paused(),
                                uploads.dropped(),
                                sum(uploads.givenUp()));
            }
        }
    }
}
