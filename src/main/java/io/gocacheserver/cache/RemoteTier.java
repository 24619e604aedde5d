package io.gocacheserver.cache;

import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import java.time.Duration;

/**
 * The tier that all replicas share. What it returns is not trusted: the cache verifies each object. Its contents are
 * {@link Content.Streamed}, to be closed by the caller.
 */
public interface RemoteTier extends Tier {

    /** What became of an object that was offered. */
    enum Offer {
        /** The tier had these very bytes already. */
        FOUND,
        /** They were sent. */
        SENT
    }

    /**
     * Stores an object unless the tier already has it.
     *
     * @param md5 of the object, 32 lower-case hex characters: S3's ETag
     * @param timeout for the whole call, retries included
     */
    Offer putObject(OutputId output, String md5, Content content, Duration timeout)
            throws TierException;

    /**
     * Stores an action record, replacing any earlier one of the same action.
     *
     * @param timeout for the whole call, retries included
     */
    void putAction(Entry entry, Duration timeout) throws TierException;
}
