package io.gocacheserver.adapter.remote.service;

/** How long the answer to a single Get takes: a moving average. */
final class RoundTrip {

    private static final long UNKNOWN_NANOS = 100_000_000L;
    private static final long LEAST_NANOS = 20_000_000L;

    private long average;

    /** A Get has taken so long. */
    synchronized void add(long nanos) {
        average = average == 0 ? nanos : (7 * average + nanos) / 8;
    }

    /** How long it is sensible to wait for something that is said to come, before asking for it. */
    synchronized long patience() {
        return average == 0 ? UNKNOWN_NANOS : Math.max(LEAST_NANOS, 2 * average);
    }
}
