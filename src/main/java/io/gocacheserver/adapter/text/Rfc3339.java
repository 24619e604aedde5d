package io.gocacheserver.adapter.text;

import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * RFC 3339 times to the nanosecond, as Go's {@code time.Time} writes them in JSON, to and from nanoseconds since 1970.
 * By hand, because {@code java.time}'s formatter costs a short-lived process more than all its other work.
 */
public final class Rfc3339 {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int DATE_TIME_LENGTH = 19;

    private Rfc3339() {}

    /** UTC with exactly nine fraction digits: {@code 2026-11-23T08:29:05.000000001Z}. */
    public static String format(long unixNanos) {
        long seconds = Math.floorDiv(unixNanos, NANOS_PER_SECOND);
        long nanos = Math.floorMod(unixNanos, NANOS_PER_SECOND);
        long days = Math.floorDiv(seconds, SECONDS_PER_DAY);
        int secondOfDay = Math.floorMod(seconds, SECONDS_PER_DAY);
        // Years that begin in March put the leap day last; an era is 400 years, 146,097 days.
        long shifted = days + 719_468;
        long era = Math.floorDiv(shifted, 146_097);
        int dayOfEra = (int) (shifted - era * 146_097);
        int yearOfEra =
                (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int marchMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);

        StringBuilder text = new StringBuilder(30);
        digits(text, year, 4).append('-');
        digits(text, month, 2).append('-');
        digits(text, day, 2).append('T');
        digits(text, secondOfDay / 3_600, 2).append(':');
        digits(text, secondOfDay / 60 % 60, 2).append(':');
        digits(text, secondOfDay % 60, 2).append('.');
        return digits(text, nanos, 9).append('Z').toString();
    }

    /** Nanoseconds since 1970. Fails if the text is no RFC 3339 time in UTC or beyond 64 bits of nanoseconds. */
    public static long parse(String text) {
        try {
            LocalDate date =
                    LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
            long seconds =
                    date.toEpochDay() * SECONDS_PER_DAY
                            + number(text, 11, 13) * 3_600L
                            + number(text, 14, 16) * 60L
                            + number(text, 17, DATE_TIME_LENGTH);
            int end = text.length() - 1;
            String fraction = end > DATE_TIME_LENGTH ? text.substring(DATE_TIME_LENGTH, end) : ".0";
            String nine = (fraction + "000000000").substring(0, 10);
            long nanos = seconds * NANOS_PER_SECOND + Integer.parseInt(nine, 1, 10, 10);
            // Written again it is the same, unless it was no such time.
            String same = text.substring(0, DATE_TIME_LENGTH) + nine + text.charAt(end);
            if (fraction.length() > 1 && same.equals(format(nanos))) {
                return nanos;
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException | DateTimeException e) {
            // As is said below.
        }
        throw new IllegalArgumentException("\"" + text + "\" is no RFC 3339 time");
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static StringBuilder digits(StringBuilder text, long value, int width) {
        long unit = 1;
        for (int i = 1; i < width; i++) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            text.append((char) ('0' + value / unit % 10));
        }
        return text;
    }
}
