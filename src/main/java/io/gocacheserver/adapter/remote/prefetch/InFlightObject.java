package io.gocacheserver.adapter.remote.prefetch;

import io.gocacheserver.adapter.remote.FetchResult;

import org.jspecify.annotations.Nullable;

/** The fetch of an object, for which other Gets may wait. */
public final class InFlightObject {

    private final @Nullable PrefetchStream stream;
    private final int index;
    private @Nullable FetchResult result;
    private boolean over;

    /**
     * @param stream what brings it, or null if a Get does
     * @param index its place in what the stream has asked for
     */
    public InFlightObject(@Nullable PrefetchStream stream, int index) {
        this.stream = stream;
        this.index = index;
    }

    /** It has come, or it is known that it will not. */
    synchronized void came(FetchResult came) {
        result = came;
        over = true;
        notifyAll();
    }

    /** It does not come this way. */
    synchronized void givenUp() {
        over = true;
        notifyAll();
    }

    /**
     * Waits until it is there, but no longer than is likely to be worth it; null if it is better to ask for it.
     *
     * @param patience how long one would wait for the answer to a single Get
     * @param limit longest wait in any case
     */
    public @Nullable FetchResult await(long patience, long limit) {
        long start = System.nanoTime();
        try {
            synchronized (this) {
                while (!over
                        && System.nanoTime() - start < limit
                        && isWorthWaiting(start, patience)) {
                    wait(SLICE_MILLIS);
                }
                return result;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private boolean isWorthWaiting(long start, long patience) {
        if (stream == null) {
            // Another Get, which takes as long as this one would.
            return true;
        }
        return stream.isComing(index, start, patience);
    }

    /** A wait is checked again after so long, or when bytes come. */
    private static final long SLICE_MILLIS = 10;
}
