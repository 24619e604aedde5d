package io.gocacheserver.disk;

import io.gocacheserver.model.Provenance;

/** An action as the index knows it, with its object. */
final class IndexedAction {

    private final IndexedObject object;
    private final long unixNanos;
    private final Provenance by;
    private volatile long usedMicros;

    /**
     * @param unixNanos when it was put
     * @param usedMicros when it was last used, in Unix microseconds
     * @param by who put it
     */
    IndexedAction(IndexedObject object, long unixNanos, long usedMicros, Provenance by) {
        this.object = object;
        this.unixNanos = unixNanos;
        this.usedMicros = usedMicros;
        this.by = by;
    }

    IndexedObject object() {
        return object;
    }

    long unixNanos() {
        return unixNanos;
    }

    Provenance by() {
        return by;
    }

    long usedMicros() {
        return usedMicros;
    }

    void used(long micros) {
        usedMicros = micros;
    }
}
