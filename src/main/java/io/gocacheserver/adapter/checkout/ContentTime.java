package io.gocacheserver.adapter.checkout;

import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * A time that stands for content: 60 bits of its hash, 30 of which are whole seconds from 1980 to 2014, and 30 the fraction. So a
 * file system that keeps seconds alone still tells a thousand million contents apart. Zip files know no time before 1980.
 */
final class ContentTime {

    private static final long FIRST_SECOND = Instant.parse("1980-01-02T00:00:00Z").getEpochSecond();
    private static final long NANOS = 1_000_000_000;
    private static final int HEX_DIGITS = 15;
    private static final int BITS = 30;
    private static final long MASK = (1L << BITS) - 1;

    private ContentTime() {}

    /** @param hash in hex, 15 digits at least */
    static FileTime of(String hash) {
        long bits = Long.parseLong(hash, 0, HEX_DIGITS, 16);
        long nanos = ((bits & MASK) * NANOS) >>> BITS;
        return FileTime.from(Instant.ofEpochSecond(FIRST_SECOND + (bits >>> BITS), nanos));
    }
}
