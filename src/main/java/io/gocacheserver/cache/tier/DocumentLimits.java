package io.gocacheserver.cache.tier;

/**
 * What {@link LocalDocuments} keep.
 *
 * @param maxBytes that all documents may take, as space on a volume
 */
public record DocumentLimits(long maxBytes) {}
