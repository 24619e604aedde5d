package io.gocacheserver.adapter.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A stream of JSON values, read token by token from a fixed buffer. It knows just what the protocol needs, allocates
 * nothing for what the caller skips, and bounds what it keeps.
 */
final class JsonInput {

    private static final int BUFFER_BYTES = 128 * 1024;
    private static final int MAX_STRING_BYTES = 64 * 1024;
    private static final int EXCERPT_BYTES = 60;

    private final InputStream in;

    /** Bytes from {@link #position} to {@link #limit} are still to be read. Shared with {@link Base64Body}. */
    final byte[] buffer = new byte[BUFFER_BYTES];

    int position;
    int limit;

    private byte[] string = new byte[256];
    private int stringLength;

    JsonInput(InputStream in) {
        this.in = in;
    }

    /** Skips white space and tells the next byte without taking it, or -1 at the end of the stream. */
    int peekToken() throws IOException {
        while (true) {
            if (position == limit && !fill()) {
                return -1;
            }
            byte b = buffer[position];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b & 0xff;
            }
            position++;
        }
    }

    int next() throws IOException {
        require(position < limit || fill());
        return buffer[position++] & 0xff;
    }

    /** Skips white space and takes the next byte, which must be {@code expected}. */
    void expect(char expected, String where) throws IOException {
        int found = peekToken();
        require(found >= 0);
        if (found != expected) {
            throw unexpected("'" + expected + "' " + where);
        }
        position++;
    }

    /** How many bytes of the buffer, at most so many, come before {@code end}. */
    int countTo(char end, int most) {
        int stop = Math.min(limit, position + most);
        int at = position;
        while (at < stop && buffer[at] != end) {
            at++;
        }
        return at - position;
    }

    void require(boolean more) throws EndOfInputException {
        if (!more) {
            throw new EndOfInputException();
        }
    }

    String readString(String where) throws IOException {
        expect('"', where);
        stringLength = 0;
        for (int b = next(); b != '"'; b = next()) {
            if (b == '\\') {
                readEscape();
            } else if (b < ' ') {
                position--;
                throw unexpected("a string without control characters");
            } else {
                append(b);
            }
        }
        return new String(string, 0, stringLength, StandardCharsets.UTF_8);
    }

    long readLong(String where) throws IOException {
        boolean negative = peekToken() == '-';
        if (negative) {
            position++;
        }
        long value = 0; // below zero, where there is one number more
        int digits = 0;
        while (position < limit || fill()) {
            int digit = buffer[position] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            if (value < (Long.MIN_VALUE + digit) / 10) {
                throw unexpected("an integer of 64 bits " + where);
            }
            position++;
            digits++;
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            throw unexpected("an integer of 64 bits " + where);
        }
        if (digits == 0 || (position < limit && isNumberPart(buffer[position]))) {
            throw unexpected("an integer " + where);
        }
        return negative ? value : -value;
    }

    /** Takes a value of any kind and depth, and forgets it. */
    void skipValue() throws IOException {
        int depth = 0;
        do {
            int token = peekToken();
            switch (token) {
                case -1 -> throw new EndOfInputException();
                case '"' -> skipString();
                case '{', '[' -> {
                    depth++;
                    position++;
                }
                case '}', ']' -> {
                    depth--;
                    position++;
                }
                case ',', ':' -> {
                    if (depth == 0) {
                        throw unexpected("a value");
                    }
                    position++;
                }
                default -> skipLiteral();
            }
        } while (depth > 0);
        if (depth < 0) {
            throw unexpected("a value");
        }
    }

    /** An exception that says what was expected and shows what is there. */
    ProtocolException unexpected(String expected) {
        int length = 0;
        while (length < EXCERPT_BYTES
                && position + length < limit
                && buffer[position + length] != '\n') {
            length++;
        }
        String found = new String(buffer, position, length, StandardCharsets.UTF_8);
        return new ProtocolException(
                "stdin is not the Go command's GOCACHEPROG protocol: expected "
                        + expected
                        + ", found \""
                        + found
                        + '"');
    }

    /** Reads more, behind what is left in the buffer; false at the end of the stream. */
    boolean fill() throws IOException {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        int count = in.read(buffer, limit, buffer.length - limit);
        limit += Math.max(count, 0);
        return count > 0;
    }

    private void skipString() throws IOException {
        position++;
        for (int b = next(); b != '"'; b = next()) {
            if (b == '\\') {
                next();
            }
        }
    }

    private void skipLiteral() throws IOException {
        if (!isNumberPart(buffer[position])) {
            throw unexpected("a value");
        }
        while ((position < limit || fill()) && isNumberPart(buffer[position])) {
            position++;
        }
    }

    private static boolean isNumberPart(byte b) {
        return (b >= '0' && b <= '9')
                || (b >= 'a' && b <= 'z')
                || b == 'E'
                || b == '.'
                || b == '+'
                || b == '-';
    }

    private void readEscape() throws IOException {
        int escape = next();
        switch (escape) {
            case '"', '\\', '/' -> append(escape);
            case 'b' -> append('\b');
            case 'f' -> append('\f');
            case 'n' -> append('\n');
            case 'r' -> append('\r');
            case 't' -> append('\t');
            case 'u' -> {
                int unit = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(next(), 16);
                    if (digit < 0) {
                        throw unexpected("four hex digits after \\u");
                    }
                    unit = unit << 4 | digit;
                }
                for (byte b : String.valueOf((char) unit).getBytes(StandardCharsets.UTF_8)) {
                    append(b & 0xff);
                }
            }
            default -> throw unexpected("a JSON escape");
        }
    }

    private void append(int b) throws IOException {
        if (stringLength == string.length) {
            if (stringLength == MAX_STRING_BYTES) {
                throw unexpected("a string of at most " + MAX_STRING_BYTES + " bytes");
            }
            string = Arrays.copyOf(string, stringLength * 2);
        }
        string[stringLength++] = (byte) b;
    }
}
