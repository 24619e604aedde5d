package io.gocacheserver.page;

import io.gocacheserver.operations.Overview;

/**
 * The numbers behind the charts at one moment: counts since the process started, and two states.
 *
 * @param diskHits Gets answered from disk
 * @param s3Hits Gets answered from S3
 * @param misses Gets that no tier could answer
 * @param bytesIn bytes of objects received
 * @param bytesOut bytes of objects sent
 * @param evictedBytes bytes evicted from disk
 * @param diskBytes space that the disk tier's directory takes
 * @param uploads uploads that wait or are under way
 */
record Totals(
        long diskHits,
        long s3Hits,
        long misses,
        long bytesIn,
        long bytesOut,
        long evictedBytes,
        long diskBytes,
        long uploads) {

    static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0, 0);

    static Totals of(Overview overview) {
        long evicted = 0;
        for (Overview.Evicted each : overview.disk().evictions().values()) {
            evicted += each.stored().bytes();
        }
        Overview.Uploads queue = overview.uploads();
        return new Totals(
                overview.requests().diskHits(),
                overview.requests().s3Hits(),
                overview.requests().misses(),
                overview.traffic().in().bytes(),
                overview.traffic().out().bytes(),
                evicted,
                overview.disk().directory().bytes(),
                queue == null ? 0 : queue.queued() + queue.running());
    }

    /** The difference of the counts, with the later states. */
    Totals since(Totals earlier) {
        return new Totals(
                diskHits - earlier.diskHits,
                s3Hits - earlier.s3Hits,
                misses - earlier.misses,
                bytesIn - earlier.bytesIn,
                bytesOut - earlier.bytesOut,
                evictedBytes - earlier.evictedBytes,
                diskBytes,
                uploads);
    }
}
