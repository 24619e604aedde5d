package io.gocacheserver.cache.filter;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Namespace;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Lists the actions that a tier has, a part at a time. */
public interface ActionListing {

    /**
     * A part of the list.
     *
     * @param last where the next part begins; null if this is the last one
     */
    record Page(List<ActionId> actions, @Nullable String last) {}

    /**
     * The actions of a namespace.
     *
     * @param after {@link Page#last} of the part before; null for the first one
     */
    Page actions(Namespace namespace, @Nullable String after) throws TierException;
}
