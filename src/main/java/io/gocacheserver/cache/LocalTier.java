package io.gocacheserver.cache;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.util.List;

/**
 * The tier through which every object passes. What it has acknowledged survives the end of the process. An object is
 * found only when all of its bytes are there: half-written ones are never visible.
 */
public interface LocalTier extends Tier {

    /**
     * Stores an object together with the action that produced it.
     *
     * @param body exactly {@code entry.size()} bytes, read to the end; the stream itself verifies them, so that reading
     *     the last one fails where they are wrong. Not closed
     * @param upload whether the action is to be among the {@link #uploads} from now on, in the same step
     * @return the object as this tier now has it
     * @throws ObjectSourceException if the body cannot be read or is not what was announced; nothing is stored
     * @throws TierException if it cannot be written; nothing is stored
     */
    Content put(Entry entry, InputStream body, boolean upload)
            throws ObjectSourceException, TierException;

    /**
     * Stores what another tier had, in the same way; but an action that has been put here in the meantime keeps what it
     * produced then.
     */
    Content fill(Entry entry, InputStream body) throws ObjectSourceException, TierException;

    /**
     * The same as a Put, for an object without an action.
     *
     * @param sender the namespace for which a client has sent it, which may know of it from then on; null for what another
     *     tier had
     */
    Content putObject(OutputId output, long size, InputStream body, @Nullable Namespace sender)
            throws ObjectSourceException, TierException;

    /**
     * Whether an action in one of these namespaces leads to an object that this tier has, or it was sent for a namespace.
     *
     * @param sender null for none
     */
    boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender)
            throws TierException;

    /**
     * Sum of the sizes of what the actions of a namespace other than global have produced, and of the objects that were sent for
     * it and to which none of them leads, in bytes.
     */
    long bytes(Namespace namespace) throws TierException;

    /**
     * Removes the objects that were sent for a namespace and to which no action of it leads, the oldest first, and then its least
     * recently used actions, those left out whose upload is pending.
     *
     * @param bytes that are to be freed
     * @return how many were
     */
    long makeRoom(Namespace namespace, long bytes) throws TierException;

    /** The action in each namespace in which this tier has it. Does not count as a use. */
    List<Entry> entries(ActionId action) throws TierException;

    /** The actions that lead to an object, in each namespace, at most so many. */
    List<Entry> entries(OutputId output, int max) throws TierException;

    /** What a writer has put, the latest first, at most so many. */
    List<Entry> written(WrittenBy query, int max) throws TierException;

    /**
     * Stores an action whose object this tier already has.
     *
     * @param upload as in {@link #put}
     * @return false if it does not have the object; nothing is stored
     * @throws TierException if it cannot be written
     */
    boolean putAction(Entry entry, boolean upload) throws TierException;

    /** What is still to be sent to the remote tier. */
    PendingUploads uploads();

    /**
     * Removes an action, its pending upload, and its object if no other action leads to that.
     *
     * @throws TierException if it cannot be removed
     */
    Removed remove(ActionKey action) throws TierException;

    /** Removes an object, every action that leads to it, and their pending uploads. */
    Removed remove(OutputId output) throws TierException;

    /**
     * Says that an object was found damaged: this tier looks for itself, and removes what it then finds damaged. Never
     * fails, and no effect if the object is no longer there.
     */
    void reportDamaged(OutputId output, StoreReport.FoundBy by);

    /** What is stored at this moment. */
    Usage usage();

    /** What was removed; empty lists if there was nothing. */
    record Removed(List<ActionKey> actions, List<OutputId> objects) {}

    /**
     * What a local tier holds.
     *
     * @param actions number of action records
     * @param objects number of objects
     * @param bytes sum of the objects' sizes
     * @param storedBytes the same as stored, so after compression
     */
    record Usage(long actions, long objects, long bytes, long storedBytes) {}
}
