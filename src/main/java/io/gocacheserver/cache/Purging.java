package io.gocacheserver.cache;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

/** Removes by hand what should not be in the cache, from every tier, and keeps a record of who did it. */
public interface Purging {

    /**
     * Removes an action; on disk also its object, if no other action leads to that.
     *
     * @param by who says to do it
     * @param from the address from which the request came
     * @param reason why, if it was said
     */
    Purged purge(ActionId action, String by, String from, @Nullable String reason);

    /** Removes an object and what leads to it. */
    Purged purge(OutputId output, String by, String from, @Nullable String reason);
}
