package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * The content of a {@code <action-id>-a} file, one line of exactly 175 bytes, as {@code cmd/go/internal/cache} defines
 * it: {@code v1 <action-id> <output-id> <size> <unix-nanoseconds>\n}, the IDs in 64 hex digits, the numbers in decimal
 * and padded with blanks on the left to 20 characters.
 */
record ActionRecord(OutputId output, long size, long unixNanos) {

    private static final int NUMBER = 20;
    private static final int OUTPUT_AT = 68;
    private static final int SIZE_AT = OUTPUT_AT + 65;
    private static final int TIME_AT = SIZE_AT + NUMBER + 1;
    static final int LENGTH = TIME_AT + NUMBER + 1; // bytes of the line, its end included

    /** The record in the first {@code count} bytes of {@code file}, or null if they are none for {@code action}. */
    static @Nullable ActionRecord parse(byte[] file, int count, ActionId action) {
        String line = new String(file, 0, count, StandardCharsets.ISO_8859_1);
        boolean framed =
                count == LENGTH
                        && line.startsWith("v1 " + action.hex() + ' ')
                        && line.charAt(SIZE_AT - 1) == ' '
                        && line.charAt(TIME_AT - 1) == ' '
                        && line.charAt(LENGTH - 1) == '\n';
        long size = framed ? number(line, SIZE_AT) : -1;
        long unixNanos = framed ? number(line, TIME_AT) : -1;
        if (size < 0 || unixNanos < 0) {
            return null;
        }
        try {
            OutputId output = new OutputId(line.substring(OUTPUT_AT, SIZE_AT - 1));
            return new ActionRecord(output, size, unixNanos);
        } catch (InvalidIdException e) {
            return null;
        }
    }

    byte[] format(ActionId action) {
        StringBuilder line = new StringBuilder(LENGTH);
        line.append("v1 ").append(action.hex()).append(' ').append(output.hex());
        for (String number : new String[] {Long.toString(size), Long.toString(unixNanos)}) {
            line.repeat(' ', 1 + NUMBER - number.length()).append(number);
        }
        return line.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static long number(String line, int at) {
        int from = at;
        while (from < at + NUMBER && line.charAt(from) == ' ') {
            from++;
        }
        try {
            return line.charAt(from) == '+' ? -1 : Long.parseLong(line, from, at + NUMBER, 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
