package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.model.ActionId;

import java.util.List;

/** Takes what an answer brings, about in the order of its list. */
public interface BulkReceiver {

    /** The actions whose outcomes come, in this order. */
    default void listed(List<ActionId> actions) {}

    /** The object of that action begins. Whether it is wanted still; if not, it counts as left out. */
    boolean begins(int index);

    /** So many bytes of objects have come. */
    void came(int bytes);

    /** The outcome of an action: a hit, a miss, or why it is neither. */
    void came(int index, FetchResult result);

    /** The service did not look at an action, or left it out for its size: nothing is known of it. */
    void leftOut(int index);
}
