package io.gocacheserver.adapter.remote.prefetch;

import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The objects on their way to one cache directory, and those fetched ahead: shared by all sessions with that directory,
 * so that nothing is fetched twice at once.
 */
public final class InFlightObjects {

    /** Actions remembered as fetched ahead: some 8 MB of memory. Then they are forgotten, and count as local hits. */
    private static final int MAX_REMEMBERED = 65_536;

    private final Map<ActionId, InFlightObject> coming = new HashMap<>();
    private final Set<ActionId> fetchedAhead = new HashSet<>();

    /** The fetch of that action, or null. */
    public synchronized @Nullable InFlightObject find(ActionId action) {
        return coming.get(action);
    }

    /** Says that {@code fetch} will bring the action; false if another one does already, or has done so. */
    public synchronized boolean announce(ActionId action, InFlightObject fetch) {
        return !fetchedAhead.contains(action) && coming.putIfAbsent(action, fetch) == null;
    }

    /**
     * The outcome of an action that was announced.
     *
     * @param result null if it does not come this way
     */
    public void came(
            ActionId action, InFlightObject fetch, @Nullable FetchResult result, boolean ahead) {
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
    public synchronized boolean isFetchedAhead(ActionId action) {
        return fetchedAhead.contains(action);
    }
}
