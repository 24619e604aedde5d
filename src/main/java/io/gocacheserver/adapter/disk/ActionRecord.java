package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The content of a {@code <action-id>-a} file, one line of exactly 175 bytes, as {@code cmd/go/internal/cache} defines
 * it: {@code v1 <action-id> <output-id> <size> <unix-nanoseconds>\n}, the IDs in 64 hex digits, the numbers in decimal
 * and padded with blanks on the left to 20 characters.
 */
record ActionRecord(OutputId output, long size, long unixNanos) {

    private static final int HEX = 64;
    private static final int NUMBER = 20;
    private static final int ACTION_AT = 3;
    private static final int OUTPUT_AT = ACTION_AT + HEX + 1;
    private static final int SIZE_AT = OUTPUT_AT + HEX + 1;
    private static final int TIME_AT = SIZE_AT + NUMBER + 1;

    /** Bytes of the line, its end included. */
    static final int LENGTH = TIME_AT + NUMBER + 1;

    /** The record in the first {@code count} bytes of {@code file}, or null if they are none for {@code action}. */
    static @Nullable ActionRecord parse(byte[] file, int count, ActionId action) {
        boolean framed =
                count == LENGTH
                        && file[0] == 'v'
                        && file[1] == '1'
                        && file[2] == ' '
                        && file[OUTPUT_AT - 1] == ' '
                        && file[SIZE_AT - 1] == ' '
                        && file[TIME_AT - 1] == ' '
                        && file[LENGTH - 1] == '\n';
        if (!framed) {
            return null;
        }
        String hex = action.hex();
        for (int i = 0; i < HEX; i++) {
            if (file[ACTION_AT + i] != hex.charAt(i)) {
                return null;
            }
        }
        for (int i = OUTPUT_AT; i < OUTPUT_AT + HEX; i++) {
            if (!isHex(file[i])) {
                return null;
            }
        }
        long size = number(file, SIZE_AT);
        long unixNanos = number(file, TIME_AT);
        if (size < 0 || unixNanos < 0) {
            return null;
        }
        String output = new String(file, OUTPUT_AT, HEX, StandardCharsets.ISO_8859_1);
        return new ActionRecord(new OutputId(output), size, unixNanos);
    }

    /** The line for {@code action}. */
    byte[] format(ActionId action) {
        byte[] line = new byte[LENGTH];
        Arrays.fill(line, (byte) ' ');
        line[0] = 'v';
        line[1] = '1';
        ascii(line, ACTION_AT, action.hex());
        ascii(line, OUTPUT_AT, output.hex());
        String sizeText = Long.toString(size);
        ascii(line, SIZE_AT + NUMBER - sizeText.length(), sizeText);
        String timeText = Long.toString(unixNanos);
        ascii(line, TIME_AT + NUMBER - timeText.length(), timeText);
        line[LENGTH - 1] = '\n';
        return line;
    }

    private static void ascii(byte[] line, int at, String text) {
        System.arraycopy(text.getBytes(StandardCharsets.ISO_8859_1), 0, line, at, text.length());
    }

    /** The number in 20 characters, or -1. */
    private static long number(byte[] file, int at) {
        int from = at;
        int to = at + NUMBER;
        while (from < to && file[from] == ' ') {
            from++;
        }
        if (from == to) {
            return -1;
        }
        long value = 0;
        for (; from < to; from++) {
            int digit = file[from] - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static boolean isHex(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'f');
    }
}
