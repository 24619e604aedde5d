package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

/**
 * The statistics of one session.
 *
 * @param ending how it came to its end
 * @param durationNanos from its first line to the end of its uploads
 * @param waitNanos how long at least one get waited for the service; gets that wait at once count once
 * @param drainNanos how long the end waited for uploads; 0 if it did not
 * @param roundTrips requests to the service
 * @param localHits gets that the local disk answered
 * @param serviceHits gets that the service answered
 * @param misses gets that neither answered
 * @param unanswered misses for which the service failed or was not asked
 * @param bytesFetched bytes of the objects that the service sent
 * @param bytesTransferred the same as they were sent, perhaps compressed
 * @param profileKey key of the build profile by which objects were fetched ahead, or null if there was none
 * @param prefetched objects that were fetched ahead
 * @param prefetchedUsed gets that these answered, part of serviceHits
 * @param executed actions that missed and that the Go command then put
 * @param executionNanos time from the miss to the put, summed over these, of which several run at once
 * @param puts objects that the Go command made
 * @param uploads objects that the service took
 * @param bytesUploaded their bytes
 * @param uploadsFailed objects that the service did not take
 * @param uploadsSkipped objects that were not sent since it had failed
 * @param uploadsDropped objects that were not sent since the queue was full
 * @param uploadsUndone objects that were not sent within the drain timeout
 * @param serviceFailures requests that failed
 * @param lastServiceFailure why the last one did, or null
 * @param diskFailures objects that the cache directory did not take
 * @param lastDiskFailure why it did not take the last one, or null
 */
public record SessionReport(
        Ending ending,
        long durationNanos,
        long waitNanos,
        long drainNanos,
        int roundTrips,
        int localHits,
        int serviceHits,
        int misses,
        int unanswered,
        long bytesFetched,
        long bytesTransferred,
        @Nullable String profileKey,
        int prefetched,
        int prefetchedUsed,
        int executed,
        long executionNanos,
        int puts,
        int uploads,
        long bytesUploaded,
        int uploadsFailed,
        int uploadsSkipped,
        int uploadsDropped,
        int uploadsUndone,
        int serviceFailures,
        @Nullable String lastServiceFailure,
        int diskFailures,
        @Nullable String lastDiskFailure) {

    /** How a session came to its end. */
    public enum Ending {
        /** The Go command said close. */
        CLOSED,
        /** The Go command was gone, perhaps killed. */
        GONE,
        /** The input was not the protocol. */
        BROKEN
    }

    /** All gets. */
    public int gets() {
        return localHits + serviceHits + misses;
    }
}
