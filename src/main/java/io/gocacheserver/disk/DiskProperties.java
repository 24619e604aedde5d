package io.gocacheserver.disk;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The disk tier.
 *
 * @param path Directory that holds the index and the objects. Belongs to one running service.
 * @param inlineSize Objects of at most this size live in the index rather than in files of their own.
 * @param memorySize Heap for the index's most used rows, small objects included; 0 is an eighth of the heap, but not more
 *     than 256 MB.
 */
@Validated
@ConfigurationProperties(value = "cache-server.disk", ignoreUnknownFields = false)
public record DiskProperties(
        @NotBlank String path,
        @NotNull @DefaultValue("16KB") DataSize inlineSize,
        @NotNull @DefaultValue("0B") DataSize memorySize) {

    private static final long MAX_DEFAULT_MEMORY_BYTES = DataSize.ofMegabytes(256).toBytes();

    /** {@link #memorySize} in bytes, with its default resolved. */
    long effectiveMemoryBytes() {
        return memorySize.toBytes() > 0
                ? memorySize.toBytes()
                : Math.min(MAX_DEFAULT_MEMORY_BYTES, Runtime.getRuntime().maxMemory() / 8);
    }
}
