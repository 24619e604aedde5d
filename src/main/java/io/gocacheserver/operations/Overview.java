package io.gocacheserver.operations;

import io.gocacheserver.cache.tier.PurgeLog.Purge;
import io.gocacheserver.model.ByteSize;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The whole service at a glance. Counts begin with the process; absent parts are left out.
 *
 * @param state whether the disk tier works
 * @param problem its problem
 * @param uploads nothing without an S3 tier
 * @param purges the latest, newest first
 */
public record Overview(
        String state,
        @Nullable String problem,
        Requests requests,
        Wire traffic,
        Disk disk,
        Scrub scrub,
        @Nullable Uploads uploads,
        List<Purge> purges)
        implements OperationResponseBody {

    /** A number of bytes, for programs and for people: {@code 1.5 GB}. */
    public record ByteCount(long bytes, String text) {

        public static ByteCount of(long bytes) {
            return new ByteCount(bytes, ByteSize.format(bytes));
        }
    }

    /**
     * Gets.
     *
     * @param diskHits answered from disk
     * @param s3Hits answered from S3
     * @param failures Gets that a tier's failure left without an answer: 502, mostly
     * @param hitRate part of all Gets that were answered with an object, 0 to 1; nothing if there were no Gets
     */
    public record Requests(
            long gets,
            long hits,
            long diskHits,
            long s3Hits,
            long misses,
            long failures,
            @Nullable Double hitRate) {}

    /** Bytes of objects on the wire; those saved were not sent, since objects were sent compressed. */
    public record Wire(ByteCount in, ByteCount out, ByteCount saved) {}

    /**
     * The disk tier.
     *
     * @param size of the objects
     * @param stored the same after compression
     * @param directory space that all of it takes
     * @param limit space that it may take now
     * @param oldestIdle since the least recently used action was used
     */
    public record Disk(
            long actions,
            long objects,
            ByteCount size,
            ByteCount stored,
            ByteCount directory,
            ByteCount limit,
            double percentFull,
            ByteCount index,
            ByteCount volumeFree,
            @Nullable Duration oldestIdle,
            Map<String, Evicted> evictions,
            Map<String, Long> corruptions) {}

    public record Evicted(long actions, long objects, ByteCount stored) {}

    /** The background check of all objects; a progress from 0 to 1 while it runs, and when the last pass ended. */
    public record Scrub(
            boolean running,
            @Nullable Double progress,
            long objects,
            ByteCount bytes,
            @Nullable Instant completed) {}

    public record Uploads(
            long queued,
            int running,
            Duration oldest,
            boolean paused,
            long dropped,
            long resumed,
            long retried,
            Map<String, Long> givenUp) {}
}
