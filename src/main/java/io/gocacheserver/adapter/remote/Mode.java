package io.gocacheserver.adapter.remote;

/** Whether the service is read, written or both. */
public enum Mode {
    READ_WRITE,
    READ_ONLY,
    WRITE_ONLY
}
