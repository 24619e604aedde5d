package io.gocacheserver.adapter.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An answer, as the stream of its body. Closing it gives the connection back if that is cheap.
 *
 * <p>Of a body that ends with the connection nobody knows whether it is whole, so only errors may come so. In one that comes in chunks (RFC
 * 9112, 7.1), extensions and a few trailers are skipped.
 */
public final class HttpResponse extends InputStream {

    private static final int MAX_DRAINED_BYTES = 64 * 1024;

    /** A new connection costs as much. Bytes to be drained have mostly come with the head. */
    private static final Duration MAX_DRAIN = Duration.ofMillis(100);

    private static final int MAX_TRAILERS = 64;

    private final HttpClient client;
    private final Connection connection;
    private final ResponseHead head;
    private final long contentLength;
    private final boolean chunked;

    /** Bytes of the body, or of this chunk, that are still to come; -1 if the connection's end tells. */
    private long left;

    private boolean started;
    private boolean ended;

    HttpResponse(HttpClient client, Connection connection, ResponseHead head, boolean bodiless)
            throws IOException {
        this.client = client;
        this.connection = connection;
        this.head = head;
        contentLength = parseContentLength(head.headers());
        String coding = head.headers().get("Transfer-Encoding");
        boolean none =
                bodiless
                        || head.status() == Status.NO_CONTENT
                        || head.status() == Status.NOT_MODIFIED;
        chunked = !none && coding != null;
        if (chunked && (contentLength >= 0 || !"chunked".equalsIgnoreCase(coding))) {
            throw unclear();
        }
        left = none || chunked ? 0 : contentLength;
        ended = left == 0 && !chunked;
    }

    public int status() {
        return head.status();
    }

    public @Nullable String header(String name) {
        return head.headers().get(name);
    }

    /** The number of bytes that the header of that name says, or -1 if it is absent or says none. */
    public long bytesIn(String name) {
        String text = header(name);
        return text == null ? -1 : nonNegative(text);
    }

    /** The announced length of the body, or -1 if there is none. */
    public long contentLength() {
        return contentLength;
    }

    /** The whole body. Fails if its length is not announced, or greater. */
    public byte[] whole(int most) throws IOException {
        if (contentLength < 0 || contentLength > most) {
            throw new IOException("the service sent an answer of " + contentLength + " bytes");
        }
        return readNBytes((int) contentLength);
    }

    /** The body as text, of a long one the first bytes. */
    public String start(int most) throws IOException {
        return new String(readNBytes(most), StandardCharsets.UTF_8);
    }

    /** Ends the connection at once, also while another thread reads. */
    public void abort() {
        connection.abort();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Fails if the request's time is over, also where no bytes are asked for. */
    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            connection.deadline().require();
            return 0;
        }
        int count = receive(target, from, length);
        connection.deadline().came(Math.max(count, 0));
        return count;
    }

    @Override
    public void close() {
        boolean reusable = head.persistent();
        connection.begin(connection.deadline().within(MAX_DRAIN));
        try {
            byte[] scrap = new byte[ended ? 0 : 4096];
            int drained = 0;
            while (reusable && !ended) {
                reusable = contentLength - drained <= MAX_DRAINED_BYTES;
                int count = reusable ? receive(scrap, 0, scrap.length) : 0;
                drained += count;
                reusable &= drained <= MAX_DRAINED_BYTES && (count > 0 || ended);
            }
        } catch (IOException e) {
            reusable = false;
        }
        if (reusable) {
            client.give(connection);
        } else {
            connection.abort();
        }
    }

    private int receive(byte[] target, int from, int length) throws IOException {
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int most = left < 0 ? length : (int) Math.min(length, left);
        int count = connection.read(target, from, most);
        if (left < 0) {
            return count;
        }
        if (count < 0) {
            throw chunked
                    ? malformed()
                    : new IOException(
                            "the service closed the connection after %d of %d bytes"
                                    .formatted(contentLength - left, contentLength));
        }
        left -= count;
        ended = left == 0 && !chunked;
        return count;
    }

    private void nextChunk() throws IOException {
        String end = started ? connection.readLine(Connection.MAX_HEAD_BYTES) : "";
        started = true;
        String line = connection.readLine(Connection.MAX_HEAD_BYTES);
        int extension = line.indexOf(';');
        try {
            left = Long.parseLong(extension < 0 ? line : line.substring(0, extension), 16);
        } catch (NumberFormatException e) {
            left = -1;
        }
        if (left < 0 || !end.isEmpty()) {
            throw malformed();
        }
        if (left == 0) {
            int trailers = 0;
            while (!connection.readLine(Connection.MAX_HEAD_BYTES).isEmpty()) {
                if (++trailers > MAX_TRAILERS) {
                    throw malformed();
                }
            }
            ended = true;
        }
    }

    private static long parseContentLength(Headers headers) throws IOException {
        long length = -1;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase("Content-Length")) {
                long value = nonNegative(headers.value(i));
                if (value < 0 || (length >= 0 && length != value)) {
                    throw unclear();
                }
                length = value;
            }
        }
        return length;
    }

    private static long nonNegative(String text) {
        try {
            long value = text.isEmpty() || text.charAt(0) == '+' ? -1 : Long.parseLong(text);
            return Math.max(value, -1);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static IOException malformed() {
        return new IOException("the service sent a malformed chunked body");
    }

    private static IOException unclear() {
        return new IOException("the service's answer has no clear length");
    }
}
