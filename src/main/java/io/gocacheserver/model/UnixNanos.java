package io.gocacheserver.model;

import java.time.Instant;

/**
 * Time as Go's {@code time.Time.UnixNano} counts it: nanoseconds since 1970, in 64 bits, so up to the year 2262. It is the
 * form of cmd/go's cache entries, of the seed's S3 action records and of the index.
 */
public final class UnixNanos {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private UnixNanos() {}

    /** The instant {@code nanos} nanoseconds after (negative: before) the epoch. */
    public static Instant toInstant(long nanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    /** The same as {@link #of}, and for an instant that does not fit the nearest one that does. */
    public static long clamped(Instant instant) {
        if (instant.isBefore(toInstant(Long.MIN_VALUE))) {
            return Long.MIN_VALUE;
        }
        return instant.isAfter(toInstant(Long.MAX_VALUE)) ? Long.MAX_VALUE : of(instant);
    }

    /** Nanoseconds from the epoch to {@code instant}. */
    public static long of(Instant instant) {
        long seconds = instant.getEpochSecond();
        long nanos = instant.getNano();
        if (seconds < 0) { // else the first second of the range would overflow on the way
            seconds++;
            nanos -= NANOS_PER_SECOND;
        }
        return Math.addExact(Math.multiplyExact(seconds, NANOS_PER_SECOND), nanos);
    }
}
