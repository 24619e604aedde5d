package io.gocacheserver.cache.filter;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.Namespace;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/** The actions of the local tier; and what is known of the remote one's, kept across restarts. */
public interface LocalActions extends ActionListing {

    /**
     * A filter of a namespace's actions in all tiers.
     *
     * @param actions number of actions in it
     * @param listed when the remote tier's were listed; null if that has not come to its end
     * @param position where that goes on, if it has not
     */
    record SavedFilter(
            ActionFilter filter,
            long actions,
            @Nullable Instant listed,
            @Nullable String position) {}

    /** The filter saved last, or nothing. */
    Optional<SavedFilter> savedFilter(Namespace namespace) throws TierException;

    /** Saves a filter in place of the one before. Those of many namespaces are kept, not of all. */
    void save(Namespace namespace, SavedFilter saved) throws TierException;
}
