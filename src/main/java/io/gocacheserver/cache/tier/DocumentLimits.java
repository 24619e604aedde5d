package io.gocacheserver.cache.tier;

/** What {@link LocalDocuments} keep. */
public record DocumentLimits(long maxBytes) {}
