package io.gocacheserver.page;

import io.gocacheserver.module.ModuleReport;
import io.gocacheserver.operations.Overview;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The current numbers of the page. Numbers of bytes and counts since the process started; durations in seconds.
 *
 * @param version of the service
 * @param replica the machine's name
 * @param started when the process started
 * @param time now
 * @param state of the disk tier: {@code working}, {@code full}, {@code read_only} or {@code unavailable}
 * @param problem the disk tier's problem
 * @param uploads nothing without an S3 tier
 * @param savedSeconds estimate of the work that hits have spared reported builds
 * @param problems what is wrong, the worst first
 */
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

    /**
     * The disk tier.
     *
     * @param directory space that it takes
     * @param limit space that it may take now
     * @param oldestIdleSeconds since the least recently used action was used
     * @param evictedActions evicted for whichever reason
     * @param damaged objects found damaged and removed
     */
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
                    disk.evictions().values().stream().mapToLong(Overview.Evicted::actions).sum(),
                    disk.evictions().values().stream()
                            .mapToLong(evicted -> evicted.stored().bytes())
                            .sum(),
                    sum(disk.corruptions()));
        }
    }

    /** The upload queue. */
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
