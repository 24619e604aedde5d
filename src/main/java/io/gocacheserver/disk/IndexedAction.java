package io.gocacheserver.disk;

/** An action as the index knows it, with its object. */
final class IndexedAction {

    private final IndexedObject object;
    private final long unixNanos;
    private volatile long usedMicros;

    /**
     * @param unixNanos when it was put
     * @param usedMicros when it was last used, in Unix microseconds
     */
    IndexedAction(IndexedObject object, long unixNanos, long usedMicros) {
        this.object = object;
        this.unixNanos = unixNanos;
        this.usedMicros = usedMicros;
    }

    IndexedObject object() {
        return object;
    }

    long unixNanos() {
        return unixNanos;
    }

    long usedMicros() {
        return usedMicros;
    }

    void used(long micros) {
        usedMicros = micros;
    }
}
