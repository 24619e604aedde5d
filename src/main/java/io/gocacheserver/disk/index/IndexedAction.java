package io.gocacheserver.disk.index;

import io.gocacheserver.model.Provenance;

/** An action as the index knows it, with its object. */
public final class IndexedAction {

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

    public IndexedObject object() {
        return object;
    }

    public long unixNanos() {
        return unixNanos;
    }

    public Provenance by() {
        return by;
    }

    public long usedMicros() {
        return usedMicros;
    }

    public void used(long micros) {
        usedMicros = micros;
    }
}
