package io.gocacheserver.disk;

import io.gocacheserver.model.ByteSize;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The disk tier.
 *
 * @param path Directory that holds the index and the objects. Belongs to one running service.
 * @param maxSize What the directory may take, index included; 0 is 80 % of what it takes at the start and its volume has
 *     free.
 * @param maxAge Entries that were not used for this long are evicted; 0 keeps entries of any age.
 * @param memorySize Heap for the index's most used rows, small objects included; 0 is an eighth of the heap, but not more
 *     than 256 MB.
 * @param scrubRate What the background check of all objects reads in a second; 0 switches it off.
 */
@Validated
@ConfigurationProperties(value = "cache-server.disk", ignoreUnknownFields = false)
public record DiskProperties(
        @NotBlank String path,
        @NotNull @DefaultValue("0B") ByteSize maxSize,
        @NotNull @DefaultValue("30d") Duration maxAge,
        @NotNull @DefaultValue("0B") ByteSize memorySize,
        @NotNull @DefaultValue("16MB") ByteSize scrubRate) {

    /** Objects that take at most this much, after compression, live in the index: one read finds them, and half of all are. */
    private static final long INLINE_BYTES = 16_384;

    /** How long a Put waits for eviction to make room before it is refused: less than a client waits for an answer. */
    private static final Duration EVICTION_WAIT = Duration.ofSeconds(5);

    private static final Duration SCRUB_INTERVAL = Duration.ofDays(7);

    private static final long MIN_SIZE_BYTES = 16_000_000;
    private static final long MAX_DEFAULT_MEMORY_BYTES = 256_000_000;

    /** Its name, without the last word, is that of the setting: messages name that. */
    @AssertTrue(message = "must be 0, for a share of the volume, or at least 16MB")
    boolean isMaxSizeUsable() {
        return maxSize.bytes() == 0 || maxSize.bytes() >= MIN_SIZE_BYTES;
    }

    long effectiveMemoryBytes() {
        return memorySize.bytes() > 0
                ? memorySize.bytes()
                : Math.min(MAX_DEFAULT_MEMORY_BYTES, Runtime.getRuntime().maxMemory() / 8);
    }

    StoreSettings settings(int readers) {
        return new StoreSettings(
                Path.of(path),
                maxSize.bytes(),
                maxAge,
                INLINE_BYTES,
                effectiveMemoryBytes(),
                readers,
                EVICTION_WAIT,
                scrubRate.bytes(),
                SCRUB_INTERVAL);
    }
}
