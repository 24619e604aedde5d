package io.gocacheserver.operations;

import java.util.Locale;

/**
 * A number of bytes, for programs and for people.
 *
 * @param text such as {@code 1.5 GiB}
 */
public record ByteCount(long bytes, String text) {

    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    public static ByteCount of(long bytes) {
        if (bytes < 1024) {
            return new ByteCount(bytes, bytes + " B");
        }
        double value = bytes / 1024.0;
        int unit = 0;
        while (value >= 1023.95 && unit < UNITS.length - 1) { // from there on it reads 1024.0
            value /= 1024;
            unit++;
        }
        return new ByteCount(bytes, String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]));
    }
}
