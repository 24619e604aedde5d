package io.gocacheserver.adapter.text;

import java.time.Duration;

/** Durations as Go's {@code time.ParseDuration} reads them: {@code 500ms}, {@code 10s}, {@code 1m30s}, {@code 0}. */
public final class GoDuration {

    private GoDuration() {}

    /** The duration. Fails if the text is none, or negative. */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        long nanos = 0;
        try {
            for (int at = 0; at < text.length(); ) {
                int unit = skip(text, at, true);
                int end = skip(text, unit, false);
                double count = Double.parseDouble(text.substring(at, unit));
                nanos += (long) (count * unitNanos(text.substring(unit, end)));
                at = end;
            }
        } catch (NumberFormatException e) {
            nanos = -1;
        }
        if (text.isEmpty() || nanos < 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no duration: write it like 500ms, 10s or 1m");
        }
        return Duration.ofNanos(nanos);
    }

    /** The end of what begins there, of digits and dots or of all else. */
    private static int skip(String text, int from, boolean numeric) {
        int at = from;
        while (at < text.length() && isNumeric(text.charAt(at)) == numeric) {
            at++;
        }
        return at;
    }

    private static boolean isNumeric(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static long unitNanos(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "µs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> throw new NumberFormatException();
        };
    }
}
