package io.gocacheserver.cache.tier;

import org.jspecify.annotations.Nullable;

/**
 * Small documents that change, shared by all replicas: build profiles. Each has a name, as those of {@link LocalDocuments},
 * and a version, which is another one after each change.
 */
public interface RemoteDocuments {

    sealed interface Read {

        /** The document as it is now. Not to be changed. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Found(byte[] document, String version) implements Read {}

        record Unchanged() implements Read {}

        record Absent() implements Read {}
    }

    /**
     * Reads a document.
     *
     * @param known the version that the caller has, or null
     */
    Read read(String name, @Nullable String known, int maxBytes) throws TierException;

    /**
     * Replaces a document, or adds one.
     *
     * @param replaced the version that it is to replace, or null if there is none so far
     * @return the new version, or null if by now there is another one than {@code replaced}: nothing is written
     */
    @Nullable String write(String name, byte[] document, @Nullable String replaced)
            throws TierException;
}
