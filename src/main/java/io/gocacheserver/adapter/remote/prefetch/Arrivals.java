package io.gocacheserver.adapter.remote.prefetch;

import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is on its way to one cache directory, and what has been fetched ahead: shared by all sessions with that directory,
 * so that nothing is fetched twice at once.
 */
public final class Arrivals {

    /** Actions remembered as fetched ahead: some 8 MB of memory. Then they are forgotten, and count as local hits. */
    private static final int MAX_REMEMBERED = 65_536;

    private final Map<ActionId, Arrival> coming = new HashMap<>();
    private final Set<ActionId> fetchedAhead = new HashSet<>();

    /** What brings that action, or null. */
    public synchronized @Nullable Arrival find(ActionId action) {
        return coming.get(action);
    }

    /** Says that {@code arrival} will bring the action; false if another one does already, or has done so. */
    public synchronized boolean announce(ActionId action, Arrival arrival) {
        return !fetchedAhead.contains(action) && coming.putIfAbsent(action, arrival) == null;
    }

    /** What came of an action that was announced. */
    public void came(ActionId action, Arrival arrival, FetchResult result, boolean ahead) {
        synchronized (this) {
            coming.remove(action, arrival);
            if (ahead && result instanceof FetchResult.Hit) {
                if (fetchedAhead.size() >= MAX_REMEMBERED) {
                    fetchedAhead.clear();
                }
                fetchedAhead.add(action);
            }
        }
        arrival.came(result);
    }

    /** An action that was announced will not come this way. */
    void givenUp(ActionId action, Arrival arrival) {
        synchronized (this) {
            coming.remove(action, arrival);
        }
        arrival.givenUp();
    }

    /** Whether that action's object came before it was asked for. */
    public synchronized boolean isFetchedAhead(ActionId action) {
        return fetchedAhead.contains(action);
    }
}
