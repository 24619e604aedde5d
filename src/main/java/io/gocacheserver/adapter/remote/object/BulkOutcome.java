package io.gocacheserver.adapter.remote.object;

/** How a bulk read ended. */
public enum BulkOutcome {
    /** All frames came. */
    COMPLETE,
    /** The server does not know bulk reads. */
    UNSUPPORTED,
    /** It failed, or was ended, perhaps in the middle. */
    FAILED
}
