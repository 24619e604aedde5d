package io.gocacheserver.adapter.remote;

/** Whether the service is read, written or both. */
public enum Mode {
    /** Gets ask it and puts go to it. */
    READ_WRITE,
    /** Gets ask it. */
    READ_ONLY,
    /** Puts go to it. */
    WRITE_ONLY
}
