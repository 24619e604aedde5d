package io.gocacheserver.adapter.remote.prefetch;

import io.gocacheserver.adapter.remote.FetchResult;

import org.jspecify.annotations.Nullable;

/** The fetch of an object, for which other Gets may wait. */
public final class InFlightObject {

    /** A wait is checked again after so long, or when the object comes. */
    private static final long SLICE_MILLIS = 10;

    private final @Nullable Prefetch prefetch;
    private final int index;
    private @Nullable FetchResult result;
    private boolean over;

    /**
     * @param prefetch what brings it, or null if a Get does
     * @param index its place in the list
     */
    public InFlightObject(@Nullable Prefetch prefetch, int index) {
        this.prefetch = prefetch;
        this.index = index;
    }

    /**
     * It has come, or it is known that it will not.
     *
     * @param outcome null if it does not come this way
     */
    synchronized void came(@Nullable FetchResult outcome) {
        result = outcome;
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
                // Another Get takes as long as this one would.
                while (!over
                        && System.nanoTime() - start < limit
                        && (prefetch == null || prefetch.isComing(index, start, patience))) {
                    wait(SLICE_MILLIS);
                }
                return result;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
