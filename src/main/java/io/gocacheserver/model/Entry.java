package io.gocacheserver.model;

import java.time.Instant;

/**
 * An action record: "action X produced output Y".
 *
 * @param action what was computed
 * @param output the SHA-256 of what it produced
 * @param size the object's length in bytes, uncompressed
 * @param time when the action was put, to the nanosecond
 */
public record Entry(ActionId action, OutputId output, long size, Instant time) {

    public Entry {
        if (size < 0) {
            throw new IllegalArgumentException(
                    "size %d of action %s is negative".formatted(size, action));
        }
    }
}
