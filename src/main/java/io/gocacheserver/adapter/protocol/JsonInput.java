package io.gocacheserver.adapter.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * A stream of JSON values, read token by token from a fixed buffer. It knows just what the protocol needs, allocates
 * nothing for what the caller skips, and bounds what it keeps.
 */
final class JsonInput {

    private static final int BUFFER_BYTES = 128 * 1024;
    private static final int MAX_STRING_BYTES = 64 * 1024;
    private static final int MAX_DIGITS = 21; // one more than those of any long
    private static final int EXCERPT_BYTES = 60;

    private final InputStream in;

    /** Bytes from {@link #position} to {@link #limit} are still to be read. Shared with {@link Base64Body}. */
    final byte[] buffer = new byte[BUFFER_BYTES];

    int position;
    int limit;

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

    void require(boolean more) throws EOFException {
        if (!more) {
            throw new EOFException("stdin closed in the middle of a request");
        }
    }

    /** A string without escapes: the Go command needs none in names, commands and base64. */
    String readString(String where) throws IOException {
        expect('"', where);
        int length = countTo('"', MAX_STRING_BYTES);
        while (position + length == limit) {
            require(fill());
            length = countTo('"', MAX_STRING_BYTES);
        }
        for (int i = position; i < position + length; i++) {
            byte b = buffer[i];
            if (length == MAX_STRING_BYTES || b == '\\' || (b >= 0 && b < ' ')) {
                throw unexpected("a short string without escapes and control characters");
            }
        }
        String string = new String(buffer, position, length, StandardCharsets.UTF_8);
        position += length + 1;
        return string;
    }

    long readLong(String where) throws IOException {
        require(peekToken() >= 0);
        StringBuilder number = new StringBuilder(MAX_DIGITS);
        while (number.length() < MAX_DIGITS
                && (position < limit || fill())
                && isNumberPart(buffer[position])) {
            number.append((char) buffer[position++]);
        }
        try {
            return Long.parseLong(number, 0, number.length(), 10);
        } catch (NumberFormatException e) {
            throw unexpected("an integer of 64 bits " + where);
        }
    }

    /** Takes a value of any kind and depth, and forgets it. */
    void skipValue() throws IOException {
        int depth = 0;
        do {
            int token = peekToken();
            require(token >= 0);
            if (token == '"') {
                skipString();
            } else if (isNumberPart((byte) token)) {
                skipLiteral();
            } else {
                boolean begins = token == '{' || token == '[';
                boolean ends = token == '}' || token == ']';
                depth += begins ? 1 : ends ? -1 : 0;
                if (depth < 0 || (depth == 0 && !ends)) {
                    throw unexpected("a value");
                }
                position++;
            }
        } while (depth > 0);
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
        return new ProtocolException("expected " + expected + ", found \"" + found + '"');
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
}
