package io.gocacheserver.cache;

import java.time.Duration;

/**
 * What {@link LocalDocuments} keep.
 *
 * @param maxBytes that all documents may take, as space on a volume
 * @param maxAge since it was written, after which a document goes
 */
public record DocumentLimits(long maxBytes, Duration maxAge) {}
