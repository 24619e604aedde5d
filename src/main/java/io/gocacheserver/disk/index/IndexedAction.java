package io.gocacheserver.disk.index;

import io.gocacheserver.model.Provenance;

import java.util.concurrent.atomic.AtomicLong;

/**
 * An action as the index knows it, with its object.
 *
 * @param usedMicros when it was last used, in Unix microseconds; the one thing that changes
 */
public record IndexedAction(
        IndexedObject object, long unixNanos, AtomicLong usedMicros, Provenance by) {}
