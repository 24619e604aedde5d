package io.gocacheserver.cache.tier;

import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.OutputId;

import java.util.List;

/** Removes entries from the local tier that should not be there. */
public interface LocalRemoval {

    /**
     * Removes an action, its pending upload, and its object if no other action leads to that.
     *
     * @throws TierException if it cannot be removed
     */
    Removed remove(ActionKey action) throws TierException;

    /** Removes an object, every action that leads to it, and their pending uploads. */
    Removed remove(OutputId output) throws TierException;

    /**
     * Reports an object that was found damaged. The tier checks it again, and removes it if it is damaged. Never fails, and has
     * no effect if the object is no longer there.
     */
    void reportDamaged(OutputId output, StoreReport.FoundBy by);

    /** The removed actions and objects; empty lists if there was nothing. */
    record Removed(List<ActionKey> actions, List<OutputId> objects) {}
}
