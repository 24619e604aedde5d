package io.gocacheserver.cache.tier;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** One place that keeps actions and objects. Safe for use by many threads. */
public interface Tier {

    interface Call<T> {
        T run() throws TierException;
    }

    /** Name in metrics, health and errors: {@code disk}, {@code s3}. */
    String name();

    /** The product of an action, as far as this tier knows it. */
    Lookup get(ActionKey action) throws TierException;

    /** Whether this tier has a record of an action; its object is not looked at. */
    boolean has(ActionKey action) throws TierException;

    Optional<Content> find(OutputId output) throws TierException;

    /**
     * A part of the list of a namespace's actions.
     *
     * @param last where the next part begins; null if this is the last one
     */
    record Page(List<ActionId> actions, @Nullable String last) {}

    /**
     * The next part of the list of a namespace's actions.
     *
     * @param after {@link Page#last} of the part before; null for the first one
     */
    Page actions(Namespace namespace, @Nullable String after) throws TierException;

    /** Finds out whether the tier works: whether the disk can be written, the remote store be reached. */
    void check() throws TierException;
}
