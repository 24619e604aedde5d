package io.gocacheserver.cache.tier;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import java.util.List;
import java.util.Optional;

/** The entries of the local tier, for people and for purges. No look at them counts as a use. */
public interface LocalCatalogue {

    /** The action in each namespace in which the local tier has it. */
    List<Entry> entries(ActionId action) throws TierException;

    /** An object by its hash, or nothing. */
    Optional<Content> look(OutputId output) throws TierException;

    /** The actions that lead to an object, in each namespace, at most so many. */
    List<Entry> entries(OutputId output, int max) throws TierException;

    /** The entries of a writer, the latest first, at most so many. */
    List<Entry> written(WrittenBy query, int max) throws TierException;
}
