package io.gocacheserver.disk;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a store is to be kept.
 *
 * @param maxSize bytes that the directory may take; 0: 80 % of what it takes and the volume has free
 * @param maxAge entries that were not used for this long are evicted; zero keeps entries of any age
 * @param inlineSize objects of at most this many bytes, after compression, are kept in the index
 * @param scrubRate bytes a second that the scrub reads; 0: no scrub
 */
public record StoreSettings(
        Path directory,
        long maxSize,
        Duration maxAge,
        long inlineSize,
        long memorySize,
        int readers,
        Duration patience,
        long scrubRate,
        Duration scrubInterval) {}
