package io.gocacheserver.cache.tier;

import java.util.Optional;

/**
 * Small documents that change, on this replica: build profiles, and in a place of their own the filters of actions. A profile's
 * name has 64 lower-case hex characters, and before them, where it belongs to a namespace other than global, that namespace and a
 * slash.
 *
 * <p>Bounded in size, all together: half is for global and half for the others, what either does not need the other may use.
 * Of the others the one that has most gives way first; in a namespace those that were written longest ago.
 */
public interface LocalDocuments {

    /** Qualifier of those that keep filters. */
    String FILTERS = "savedFilters";

    /** A document as it was last written, or nothing. */
    Optional<byte[]> read(String name) throws TierException;

    /** Replaces a document, or adds one. A reader finds the whole old one or the whole new one. */
    void write(String name, byte[] document) throws TierException;

    long bytes();
}
