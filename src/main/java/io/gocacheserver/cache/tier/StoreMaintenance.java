package io.gocacheserver.cache.tier;

/** How an operator sees the local tier's store, and what he can have it do. Safe for use by many threads. */
public interface StoreMaintenance {

    /** The store at this moment. Cheap enough for a metrics scrape. */
    StoreReport report();

    /** Starts an eviction down to the low water mark, and of all that is too old. Returns at once. */
    void evictNow();

    /** Starts a scrub from the beginning, even if none is due. Returns at once. */
    void scrubNow();
}
