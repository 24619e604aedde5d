package io.gocacheserver.model;

import java.time.Instant;

/**
 * An action record: "action X produced output Y".
 *
 * @param output the SHA-256 of what it produced
 * @param size the object's length in bytes, uncompressed
 * @param time when the action was put, to the nanosecond
 */
public record Entry(ActionKey key, OutputId output, long size, Instant time, Provenance by) {

    public Entry {
        if (size < 0) {
            throw new IllegalArgumentException(
                    "size %d of action %s is negative".formatted(size, key));
        }
    }

    /** An entry in {@link Namespace#GLOBAL} by an unknown writer, as go-cache-plugin records it. */
    public Entry(ActionId action, OutputId output, long size, Instant time) {
        this(ActionKey.global(action), output, size, time, Provenance.UNKNOWN);
    }

    public ActionId action() {
        return key.action();
    }
}
