package io.gocacheserver.cache.tier;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import java.util.List;
import java.util.Optional;

/** The entries of the local tier, for people and for purges: no look at them counts as a use. */
public interface LocalCatalogue {

    /** The action in each namespace in which the local tier has it. */
    List<Entry> entries(ActionId action) throws TierException;

    Optional<Content> look(OutputId output) throws TierException;

    /** The actions that lead to an object, in each namespace, at most so many. */
    List<Entry> entries(OutputId output, int max) throws TierException;

    List<Entry> written(WrittenBy query, int max) throws TierException;

    /** Removes an action, its pending upload, and its object if no other action leads to that. */
    Removed remove(ActionKey action) throws TierException;

    Removed remove(OutputId output) throws TierException;

    /**
     * Reports an object that was found damaged. The tier checks it again, and removes it if it is damaged. Never fails, and
     * has no effect if the object is no longer there.
     */
    void reportDamaged(OutputId output, StoreReport.FoundBy by);

    record Removed(List<ActionKey> actions, List<OutputId> objects) {}
}
