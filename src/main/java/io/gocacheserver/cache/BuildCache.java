package io.gocacheserver.cache;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.io.InputStream;
import java.util.Optional;

/** The cache as its HTTP resources see it. */
public interface BuildCache {

    /**
     * What an action produced. A hit's content is to be opened and closed, or {@linkplain Content#discard discarded}.
     *
     * @throws TierException if it is not known whether the cache has it, or it has it and cannot read it
     */
    Lookup get(ActionId action) throws TierException;

    /**
     * The same, where the local tier alone can say: nothing if the remote tier would have to be asked.
     *
     * @throws TierException if there is no remote tier, and the local one cannot be read
     */
    default Optional<Lookup> getAtOnce(ActionId action) throws TierException {
        return Optional.of(get(action));
    }

    /**
     * Whether some tier has an action. Reads no object, and does not count as a Get.
     *
     * @throws TierException if it is not known
     */
    boolean has(ActionId action) throws TierException;

    /** The same, where the local tier alone can say: nothing if the remote tier would have to be asked. */
    default Optional<Boolean> hasAtOnce(ActionId action) throws TierException {
        return Optional.of(has(action));
    }

    /** An object by its hash; opened and closed, or discarded, as above. */
    Optional<Content> find(OutputId output) throws TierException;

    /**
     * Stores what an action produced. When this returns, the object is on local disk; it goes to the remote tier later.
     *
     * @param size of the body in bytes, as announced
     * @throws ObjectSourceException if the body cannot be read, or is not what was announced; nothing is stored
     * @throws TierException if it cannot be stored; nothing is
     */
    void put(ActionId action, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException;

    /** The first step of a Put in two: the object, on local disk only. */
    void putObject(OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException;

    /**
     * The second step: the action, for an object that the cache already has.
     *
     * @return false if no tier has the object; nothing is stored
     */
    boolean putAction(ActionId action, OutputId output) throws TierException;
}
