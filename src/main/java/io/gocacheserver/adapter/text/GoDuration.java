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
        int at = 0;
        while (at < text.length()) {
            int start = at;
            while (at < text.length() && isNumeric(text.charAt(at))) {
                at++;
            }
            int unitStart = at;
            while (at < text.length() && !isNumeric(text.charAt(at))) {
                at++;
            }
            long unit = unitNanos(text.substring(unitStart, at));
            if (unitStart == start || unit == 0) {
                throw invalid(text);
            }
            try {
                nanos += (long) (Double.parseDouble(text.substring(start, unitStart)) * unit);
            } catch (NumberFormatException e) {
                throw invalid(text);
            }
        }
        if (text.isEmpty() || nanos < 0) {
            throw invalid(text);
        }
        return Duration.ofNanos(nanos);
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
            default -> 0L;
        };
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no duration: write it like 500ms, 10s or 1m");
    }
}
