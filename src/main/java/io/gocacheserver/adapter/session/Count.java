package io.gocacheserver.adapter.session;

/** A counter of sessions. Bytes are those of objects. */
public enum Count {
    ROUND_TRIPS,
    LOCAL_HITS,
    SERVICE_HITS,
    MISSES,
    /** Misses for which the service failed or was not asked. */
    UNANSWERED,
    BYTES_FETCHED,
    /** The same as they were sent, perhaps compressed. */
    BYTES_TRANSFERRED,
    PREFETCHED,
    /** Gets that these answered, part of the service's hits. */
    PREFETCHED_USED,
    /** Actions that missed and that the Go command then put. */
    EXECUTED,
    /** Time from the miss to the put, summed over these, of which several run at once. */
    EXECUTION_NANOS,
    PUTS,
    /** Objects that the service took. */
    UPLOADS,
    /** Bytes of these, as far as they were sent. */
    BYTES_UPLOADED,
    UPLOADS_FAILED,
    /** Objects that were not sent since the service had failed. */
    UPLOADS_SKIPPED,
    /** Objects that were not sent since the queue was full. */
    UPLOADS_DROPPED,
    /** Objects that were not sent within the drain timeout. */
    UPLOADS_UNDONE,
    SERVICE_FAILURES,
    DISK_FAILURES
}
