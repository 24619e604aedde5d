package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.io.InputStream;
import java.util.Optional;

/**
 * The cache as its HTTP resources see it. Each request says first what it may do: actions are looked for in the namespaces
 * that it may read, one after the other, and written to the one that it may write; where there is none, writing throws {@link
 * NotAllowedException}.
 */
public interface BuildCache {

    Lookup get(Access access, ActionId action) throws TierException;

    /** The same, where the local tier alone can say: nothing if the remote tier would have to be asked. */
    default Optional<Lookup> getAtOnce(Access access, ActionId action) throws TierException {
        return Optional.of(get(access, action));
    }

    /** Whether some tier has an action. Reads no object, and does not count as a Get. */
    boolean has(Access access, ActionId action) throws TierException;

    /** The same, where the local tier alone can say: nothing if the remote tier would have to be asked. */
    default Optional<Boolean> hasAtOnce(Access access, ActionId action) throws TierException {
        return Optional.of(has(access, action));
    }

    /**
     * An object by its hash; opened and closed, or discarded, as above. Nothing, if the request may not know of it ({@link
     * Access#anyObject}).
     */
    Optional<Content> find(Access access, OutputId output) throws TierException;

    /**
     * Stores what an action produced. When this returns, the object is on local disk; it goes to the remote tier later.
     *
     * @throws ObjectSourceException if the body cannot be read, or is not what was announced; nothing is stored
     */
    void put(Access access, ActionId action, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException;

    /** The first step of a Put in two: the object, on local disk only. */
    void putObject(Access access, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException;

    /**
     * The second step: the action, for an object that the cache already has.
     *
     * @return false if no tier has the object, or the request may not know of it; nothing is stored
     */
    boolean putAction(Access access, ActionId action, OutputId output) throws TierException;
}
