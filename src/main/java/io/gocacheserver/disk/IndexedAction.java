package io.gocacheserver.disk;

/** An action as the index knows it, with its object. */
final class IndexedAction {

    private final IndexedObject object;
    private final long unixNanos;
    private volatile long usedSeconds;

    /**
     * @param unixNanos when it was put
     * @param usedSeconds when it was last used, in Unix seconds
     */
    IndexedAction(IndexedObject object, long unixNanos, long usedSeconds) {
        this.object = object;
        this.unixNanos = unixNanos;
        this.usedSeconds = usedSeconds;
    }

    IndexedObject object() {
        return object;
    }

    long unixNanos() {
        return unixNanos;
    }

    long usedSeconds() {
        return usedSeconds;
    }

    void used(long seconds) {
        usedSeconds = seconds;
    }
}
