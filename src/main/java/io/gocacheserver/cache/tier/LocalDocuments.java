package io.gocacheserver.cache.tier;

import java.util.Optional;

/**
 * Small documents that change, on this replica: build profiles. Each has a name, of 64 lower-case hex characters. They
 * are bounded in size, all together: the ones that were written longest ago go first.
 */
public interface LocalDocuments {

    /**
     * A document as it was last written, or nothing.
     *
     * @throws TierException if it cannot be read
     */
    Optional<byte[]> read(String name) throws TierException;

    /**
     * Replaces a document, or adds one. Whoever reads finds the old or the new one, whole.
     *
     * @throws TierException if it cannot be written
     */
    void write(String name, byte[] document) throws TierException;

    /** Size in bytes of all of them. */
    long bytes();
}
