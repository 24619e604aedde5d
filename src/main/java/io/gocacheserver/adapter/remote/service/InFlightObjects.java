package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The objects on their way to one cache directory, and those fetched ahead: shared by all sessions with that directory,
 * so that nothing is fetched twice at once.
 */
public final class InFlightObjects {

    /** Actions remembered as fetched ahead: some 8 MB of memory. Then they are forgotten, and count as local hits. */
    private static final int MAX_REMEMBERED = 65_536;

    /** A wait is checked again after so long, or when the object comes. */
    private static final long SLICE_MILLIS = 10;

    private final Map<ActionId, InFlight> coming = new HashMap<>();
    private final Set<ActionId> fetchedAhead = new HashSet<>();

    /** The fetch of an object, for which other Gets may wait. */
    static final class InFlight {

        private final BooleanSupplier worthwhile;
        private @Nullable FetchResult result;
        private boolean over;

        /** @param worthwhile whether to wait for it, rather than to ask for the object */
        InFlight(BooleanSupplier worthwhile) {
            this.worthwhile = worthwhile;
        }

        private synchronized void came(@Nullable FetchResult outcome) {
            result = over ? result : outcome;
            over = true;
            notifyAll();
        }

        /** Waits until it is there, for so many nanoseconds at most; null if it is better to ask for it. */
        synchronized @Nullable FetchResult await(long limit) {
            long start = System.nanoTime();
            try {
                while (!over && System.nanoTime() - start < limit && worthwhile.getAsBoolean()) {
                    wait(SLICE_MILLIS);
                }
                return result;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
    }

    synchronized @Nullable InFlight find(ActionId action) {
        return coming.get(action);
    }

    /** Says that {@code fetch} will bring the action; false if another one does already, or has done so. */
    synchronized boolean announce(ActionId action, InFlight fetch) {
        return !fetchedAhead.contains(action) && coming.putIfAbsent(action, fetch) == null;
    }

    /** The outcome of an action that was announced; null if it does not come this way. */
    void came(ActionId action, InFlight fetch, @Nullable FetchResult result, boolean ahead) {
        synchronized (this) {
            coming.remove(action, fetch);
            if (ahead && result instanceof FetchResult.Hit) {
                if (fetchedAhead.size() >= MAX_REMEMBERED) {
                    fetchedAhead.clear();
                }
                fetchedAhead.add(action);
            }
        }
        fetch.came(result);
    }

    /** Whether that action's object came before it was asked for. */
    synchronized boolean isFetchedAhead(ActionId action) {
        return fetchedAhead.contains(action);
    }
}
