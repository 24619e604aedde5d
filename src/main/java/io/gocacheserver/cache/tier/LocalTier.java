package io.gocacheserver.cache.tier;

import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.util.List;

/**
 * The tier through which every object passes. Entries that it has acknowledged survive the end of the process; half-written
 * objects are never visible.
 */
public interface LocalTier extends Tier {

    /**
     * Stores an object together with the action that produced it.
     *
     * @param body exactly {@code entry.size()} bytes, read to the end; the stream itself verifies them, so that reading the
     *     last one fails where they are wrong. Not closed
     * @param upload whether the action is to be among the {@link PendingUploads} from now on, in the same step
     * @throws ObjectSourceException if the body cannot be read or is not what was announced; nothing is stored
     */
    void put(Entry entry, InputStream body, boolean upload)
            throws ObjectSourceException, TierException;

    /**
     * Stores an object and an action of another tier, in the same way; but an action that has been put here in the meantime
     * keeps its object.
     */
    void fill(Entry entry, InputStream body) throws ObjectSourceException, TierException;

    /**
     * The same as a Put, for an object without an action.
     *
     * @param sender the namespace for which a client has sent it, which may know of it from then on; null for an object of
     *     another tier
     */
    void putObject(OutputId output, long size, InputStream body, @Nullable Namespace sender)
            throws ObjectSourceException, TierException;

    /**
     * Whether an action in one of these namespaces leads to an object that this tier has, or it was sent for a namespace.
     */
    boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender)
            throws TierException;

    /**
     * Stores an action whose object this tier already has.
     *
     * @return false if it does not have the object; nothing is stored
     */
    boolean putAction(Entry entry, boolean upload) throws TierException;
}
