package io.gocacheserver.adapter.protocol;

import java.io.IOException;
import java.util.Arrays;

/**
 * The body of a put: one JSON string of standard base64 of any length, decoded as it is read. Go writes it without
 * escapes and without line breaks.
 */
public final class Base64Body {

    private static final int GROUP_BYTES = 3;
    private static final byte[] VALUES = values();

    private final JsonInput in;
    private boolean ended;

    /** At the string's opening quote, which it takes. */
    Base64Body(JsonInput in) throws IOException {
        in.expect('"', "before a body");
        this.in = in;
    }

    /**
     * Decodes some bytes into {@code target}, at least three long; -1 after the last one.
     *
     * @throws MalformedBodyException if the string is no base64; it is then skipped to its end
     * @throws EndOfInputException if stdin closes before the string does
     */
    public int read(byte[] target) throws IOException {
        int count = 0;
        while (!ended && count + GROUP_BYTES <= target.length) {
            count = decodeBuffered(target, count);
            if (count + GROUP_BYTES <= target.length) {
                count = decodeGroup(target, count);
            }
        }
        return count == 0 && ended ? -1 : count;
    }

    /** Skips what is left. */
    public void skip() throws IOException {
        while (!ended) {
            ended = in.next() == '"';
        }
    }

    /** Decodes whole groups of four characters that lie in the buffer; stops at anything else. */
    private int decodeBuffered(byte[] target, int start) {
        byte[] source = in.buffer;
        int from = in.position;
        int to = start;
        int lastFrom = in.limit - 4;
        int lastTo = target.length - GROUP_BYTES;
        while (from <= lastFrom && to <= lastTo) {
            int bits =
                    VALUES[source[from] & 0xff] << 18
                            | VALUES[source[from + 1] & 0xff] << 12
                            | VALUES[source[from + 2] & 0xff] << 6
                            | VALUES[source[from + 3] & 0xff];
            if (bits < 0) {
                break;
            }
            target[to] = (byte) (bits >> 16);
            target[to + 1] = (byte) (bits >> 8);
            target[to + 2] = (byte) bits;
            from += 4;
            to += GROUP_BYTES;
        }
        in.position = from;
        return to;
    }

    /** Decodes one group that may be padded, or span two buffers, or be the closing quote instead. */
    private int decodeGroup(byte[] target, int start) throws IOException {
        int first = in.next();
        if (first == '"') {
            ended = true;
            return start;
        }
        int bits = value(first) << 18 | value(in.next()) << 12;
        int third = in.next();
        if (third == '=') {
            require(in.next(), '=');
            require(in.next(), '"');
            ended = true;
            target[start] = (byte) (bits >> 16);
            return start + 1;
        }
        bits |= value(third) << 6;
        target[start] = (byte) (bits >> 16);
        target[start + 1] = (byte) (bits >> 8);
        int fourth = in.next();
        if (fourth == '=') {
            require(in.next(), '"');
            ended = true;
            return start + 2;
        }
        target[start + 2] = (byte) (bits | value(fourth));
        return start + GROUP_BYTES;
    }

    private int value(int character) throws IOException {
        int value = VALUES[character];
        if (value < 0) {
            throw malformed(character);
        }
        return value;
    }

    private void require(int character, char expected) throws IOException {
        if (character != expected) {
            throw malformed(character);
        }
    }

    private MalformedBodyException malformed(int character) throws IOException {
        ended = character == '"';
        skip();
        return new MalformedBodyException();
    }

    private static byte[] values() {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < 26; i++) {
            values['A' + i] = (byte) i;
            values['a' + i] = (byte) (26 + i);
        }
        for (int i = 0; i < 10; i++) {
            values['0' + i] = (byte) (52 + i);
        }
        values['+'] = 62;
        values['/'] = 63;
        return values;
    }
}
