package io.gocacheserver.security.tokens;

import io.gocacheserver.model.ByteSize;

import jakarta.validation.constraints.Min;

import org.jspecify.annotations.Nullable;

/**
 * The limits of one client; without a value there is no limit. A burst of ten seconds' worth is always allowed.
 *
 * @param requestsPerSecond Requests each second, on average.
 * @param bytesPerSecond Bytes each second in both directions, on average: of objects, lists, profiles and reports.
 * @param concurrentUploads Puts and Posts at the same time.
 * @param maxObjectSize Largest object that it may put; never more than cache-server.web.max-object-size.
 */
public record LimitSettings(
        @Min(1) @Nullable Integer requestsPerSecond,
        @Nullable ByteSize bytesPerSecond,
        @Min(1) @Nullable Integer concurrentUploads,
        @Nullable ByteSize maxObjectSize) {

    public static final LimitSettings NONE = new LimitSettings(null, null, null, null);

    public LimitSettings or(LimitSettings other) {
        return new LimitSettings(
                requestsPerSecond != null ? requestsPerSecond : other.requestsPerSecond,
                bytesPerSecond != null ? bytesPerSecond : other.bytesPerSecond,
                concurrentUploads != null ? concurrentUploads : other.concurrentUploads,
                maxObjectSize != null ? maxObjectSize : other.maxObjectSize);
    }

    public boolean isNone() {
        return equals(NONE);
    }
}
