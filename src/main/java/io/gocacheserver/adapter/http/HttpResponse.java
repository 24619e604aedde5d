package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.connection.Connection;
import io.gocacheserver.adapter.http.connection.ConnectionPool;
import io.gocacheserver.adapter.http.connection.HttpException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** An answer whose body is still to be read. Closing it gives the connection back if that is cheap. */
public final class HttpResponse implements AutoCloseable, ByteSource {

    private static final int MAX_DRAINED_BYTES = 64 * 1024;

    /** A new connection costs as much. Bytes to be drained have mostly come with the head. */
    private static final Duration MAX_DRAIN = Duration.ofMillis(100);

    private static final int NOT_MODIFIED = 304;

    private final Connection connection;
    private final ConnectionPool pool;
    private final ResponseHead head;
    private final ResponseBody body;
    private final long contentLength;

    HttpResponse(Connection connection, ConnectionPool pool, ResponseHead head, boolean bodiless)
            throws HttpException {
        this.connection = connection;
        this.pool = pool;
        this.head = head;
        this.contentLength = parseContentLength(head.headers());
        this.body =
                bodiless ? new LengthBody(connection, 0) : bodyOf(connection, head, contentLength);
    }

    /** The status, 200 to 599. */
    public int status() {
        return head.status();
    }

    /** The first header of that name, or null. */
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

    /** Reads some of the body; -1 after its last byte. */
    public int read(byte[] target) throws IOException {
        return read(target, 0, target.length);
    }

    /**
     * The whole body.
     *
     * @param most bytes that it may have
     * @throws HttpException if its length is not announced, or greater
     */
    public byte[] whole(int most) throws IOException {
        if (contentLength < 0 || contentLength > most) {
            throw new HttpException("the service sent an answer of " + contentLength + " bytes");
        }
        byte[] whole = new byte[(int) contentLength];
        fill(whole, whole.length);
        return whole;
    }

    /** Ends the connection at once, also while another thread reads. */
    public void abort() {
        connection.abort();
    }

    /** Reads up to {@code length} bytes of the body; -1 after its last byte. */
    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int count = body.read(target, from, length);
        connection.deadline().came(Math.max(count, 0));
        return count;
    }

    @Override
    public void requireTime() throws SocketTimeoutException {
        connection.deadline().require();
    }

    @Override
    public void close() {
        boolean reusable = head.persistent();
        connection.begin(connection.deadline().within(MAX_DRAIN));
        try {
            byte[] scrap = new byte[body.atEnd() ? 0 : 4096];
            int drained = 0;
            while (reusable && !body.atEnd()) {
                reusable = contentLength - drained <= MAX_DRAINED_BYTES;
                int count = reusable ? body.read(scrap, 0, scrap.length) : 0;
                drained += count;
                reusable &= drained <= MAX_DRAINED_BYTES && (count > 0 || body.atEnd());
            }
        } catch (IOException e) {
            reusable = false;
        }
        if (reusable) {
            connection.end();
            pool.give(connection);
        } else {
            connection.abort();
        }
    }

    private static ResponseBody bodyOf(Connection connection, ResponseHead head, long length)
            throws HttpException {
        if (head.status() == Status.NO_CONTENT || head.status() == NOT_MODIFIED) {
            return new LengthBody(connection, 0);
        }
        String coding = head.headers().get("Transfer-Encoding");
        if (coding != null) {
            if (length >= 0 || !coding.equalsIgnoreCase("chunked")) {
                throw new HttpException("the service's answer has no clear length");
            }
            return new ChunkedBody(connection);
        }
        return length >= 0 ? new LengthBody(connection, length) : new UntilCloseBody(connection);
    }

    private static long parseContentLength(Headers headers) throws HttpException {
        long length = -1;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase("Content-Length")) {
                long value = nonNegative(headers.value(i));
                if (value < 0 || (length >= 0 && length != value)) {
                    throw new HttpException("the service's answer has no clear length");
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
}
