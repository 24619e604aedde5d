package io.gocacheserver.cache;

import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import java.io.InputStream;

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
     * @return the object as this tier now has it
     * @throws ObjectSourceException if the body cannot be read or is not what was announced; nothing is stored
     * @throws TierException if it cannot be written; nothing is stored
     */
    Content put(Entry entry, InputStream body) throws ObjectSourceException, TierException;

    /** The same, for an object without an action. */
    Content putObject(OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException;

    /**
     * Stores an action whose object this tier already has.
     *
     * @return false if it does not have the object; nothing is stored
     * @throws TierException if it cannot be written
     */
    boolean putAction(Entry entry) throws TierException;

    /** What is stored at this moment. */
    Usage usage();

    /**
     * What a local tier holds.
     *
     * @param actions number of action records
     * @param objects number of objects
     * @param bytes sum of their sizes
     */
    record Usage(long actions, long objects, long bytes) {}
}
