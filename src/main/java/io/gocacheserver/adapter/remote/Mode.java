package io.gocacheserver.adapter.remote;

/** What the service is used for. */
public enum Mode {
    /** Gets ask it and puts go to it. */
    READ_WRITE,
    /** Gets ask it. */
    READ_ONLY,
    /** Puts go to it. */
    WRITE_ONLY
}
