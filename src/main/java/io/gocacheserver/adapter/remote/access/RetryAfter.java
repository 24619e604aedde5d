package io.gocacheserver.adapter.remote.access;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** How long a service asks to be left alone: {@code Retry-After} (RFC 9110, 10.2.3), in seconds or as a date. */
final class RetryAfter {

    /** More than that is not believed: by then the service may be well again. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final int MAX_DIGITS = 9;

    private RetryAfter() {}

    /** From {@code now} on; zero if the header is absent, past or not understood. */
    static Duration parse(@Nullable String text, Instant now) {
        if (text == null || text.isEmpty()) {
            return Duration.ZERO;
        }
        Duration wait = isNumber(text) ? seconds(text) : until(text, now);
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static Duration seconds(String digits) {
        return digits.length() > MAX_DIGITS
                ? LONGEST
                : Duration.ofSeconds(Integer.parseInt(digits));
    }

    private static Duration until(String date, Instant now) {
        try {
            Instant then =
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Duration.between(now, then);
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
