package io.gocacheserver.adapter.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * The body of a put: one JSON string of standard base64 of any length, decoded as it is read. Go writes it without
 * escapes and without line breaks.
 */
public final class Base64Body {

    private static final int GROUP_BYTES = 3;
    private static final int GROUP_CHARS = 4;

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
     * @throws EOFException if stdin closes before the string does
     * @throws IOException if the string is no base64; it is then skipped to its end
     */
    public int read(byte[] target) throws IOException {
        if (ended) {
            return -1;
        }
        int most = target.length / GROUP_BYTES * GROUP_CHARS;
        int count = in.countTo('"', most);
        while (count < GROUP_CHARS && in.position + count == in.limit) {
            in.require(in.fill());
            count = in.countTo('"', most);
        }
        ended = count < most && in.position + count < in.limit;
        int whole = ended ? count : count / GROUP_CHARS * GROUP_CHARS;
        try {
            // Java's decoder would also take a last group that is not padded.
            ByteBuffer decoded =
                    whole % GROUP_CHARS == 0
                            ? Base64.getDecoder()
                                    .decode(ByteBuffer.wrap(in.buffer, in.position, whole))
                            : null;
            if (decoded != null) {
                in.position += ended ? whole + 1 : whole;
                int length = decoded.remaining();
                decoded.get(target, 0, length);
                return length == 0 ? -1 : length;
            }
        } catch (IllegalArgumentException e) {
            // Skipped like one that ends within a group.
        }
        ended = false;
        skip();
        throw new IOException("the body is no base64");
    }

    public void skip() throws IOException {
        while (!ended) {
            ended = in.next() == '"';
        }
    }
}
