package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;

/**
 * The statistics of one session.
 *
 * @param durationNanos from its first line to the end of its uploads
 * @param waitNanos how long at least one get waited for the service; gets that wait at once count once
 * @param drainNanos how long the end waited for uploads; 0 if it did not
 * @param counts its counters; one that is not there is zero
 * @param lastServiceFailure why, as the disk's, or null
 */
public record SessionReport(
        Ending ending,
        long durationNanos,
        long waitNanos,
        long drainNanos,
        @Nullable String profileKey,
        Map<Count, Long> counts,
        @Nullable String lastServiceFailure,
        @Nullable String lastDiskFailure) {

    /** How a session came to its end. */
    public enum Ending {
        /** The Go command said close. */
        CLOSED,
        /** The Go command was gone, perhaps killed. */
        GONE,
        /** The input was not the protocol. */
        BROKEN;

        /** As it stands in reports. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The value of a counter. */
    public long get(Count count) {
        return counts.getOrDefault(count, 0L);
    }

    /** All gets. */
    public long gets() {
        return get(Count.LOCAL_HITS) + get(Count.SERVICE_HITS) + get(Count.MISSES);
    }

    /** Objects that the service lacks now, for any reason. */
    public long unsent() {
        return get(Count.UPLOADS_FAILED)
                + get(Count.UPLOADS_SKIPPED)
                + get(Count.UPLOADS_DROPPED)
                + get(Count.UPLOADS_UNDONE);
    }
}
