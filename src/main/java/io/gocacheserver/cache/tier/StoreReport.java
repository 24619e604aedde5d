package io.gocacheserver.cache.tier;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The local tier's store at one moment; what is counted is counted since the process started.
 *
 * @param problem what is wrong, for the operator; null if nothing is
 * @param directoryBytes space that the directory takes: objects, index and what is being written
 * @param maxBytes space that it may take now: the setting, or less where the volume has less
 * @param oldestIdle time since the least recently used action was used; null if there is none
 */
public record StoreReport(
        Usage usage,
        State state,
        @Nullable String problem,
        long directoryBytes,
        long maxBytes,
        long indexBytes,
        long volumeFreeBytes,
        @Nullable Duration oldestIdle,
        Map<EvictionReason, Evicted> evictions,
        Map<FoundBy, Long> corruptions,
        Scrub scrub) {

    /**
     * What a local tier holds.
     *
     * @param bytes sum of the objects' sizes
     * @param storedBytes the same as stored, so after compression
     */
    public record Usage(long actions, long objects, long bytes, long storedBytes) {}

    public enum State {
        WORKING,
        /** It reads, but has no room to write: the volume, or what it may take, is full and nothing can be evicted. */
        FULL,
        READ_ONLY,
        /** It neither reads nor writes: the directory or the index is gone or cannot be read. */
        UNAVAILABLE
    }

    public enum EvictionReason {
        SIZE,
        AGE,
        VOLUME
    }

    public enum FoundBy {
        GET,
        UPLOAD,
        SCRUB,
        RECOVERY
    }

    /**
     * The evictions for one reason.
     *
     * @param bytes of the objects, as stored
     */
    public record Evicted(long actions, long objects, long bytes) {}

    /**
     * The background check of all objects.
     *
     * @param progress of the pass under way, 0 to 1
     * @param bytes number of bytes checked, as stored
     * @param completed when the last pass ended, also one of an earlier process; null if there was none
     */
    public record Scrub(
            boolean running,
            double progress,
            long objects,
            long bytes,
            @Nullable Instant completed) {}
}
