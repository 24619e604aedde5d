package io.gocacheserver.adapter.http.connection;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A transport with its read buffer. Used by one request at a time, and each wait is bounded by that one's deadline. */
public final class Connection implements Closeable {

    private static final int BUFFER_BYTES = 32 * 1024;

    private final Transport transport;
    private final Duration readTimeout;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private Deadline deadline;
    private boolean used;
    private boolean answered;

    public Connection(Transport transport, Duration readTimeout, Deadline deadline) {
        this.transport = transport;
        this.readTimeout = readTimeout;
        this.deadline = deadline;
    }

    /** A new request begins. */
    public void begin(Deadline newDeadline) {
        deadline = newDeadline;
        answered = false;
    }

    /** The request is over and the connection can serve another one. */
    public void end() {
        used = true;
    }

    /** Whether a failure may only mean that the server has closed an idle connection. */
    public boolean mayBeStale() {
        return used && !answered;
    }

    public Deadline deadline() {
        return deadline;
    }

    public void write(byte[] source, int from, int length) throws IOException {
        transport.write(source, from, length);
    }

    /** Whether bytes are there that no request has asked for, or it is broken. */
    public boolean hasUnread() {
        try {
            return position < limit || transport.hasUnread();
        } catch (IOException e) {
            return true;
        }
    }

    /** The next byte, or -1 at the end. */
    public int read() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(receive(buffer, 0, buffer.length), 0);
            if (limit == 0) {
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }

    /** Up to {@code length} bytes; -1 at the end. */
    public int read(byte[] target, int from, int length) throws IOException {
        if (position < limit) {
            int count = Math.min(length, limit - position);
            System.arraycopy(buffer, position, target, from, count);
            position += count;
            return count;
        }
        return receive(target, from, length);
    }

    private int receive(byte[] target, int from, int length) throws IOException {
        int millis = deadline.remainingMillis(readTimeout);
        try {
            int count = transport.read(target, from, length, millis);
            answered |= count > 0;
            return count;
        } catch (SocketTimeoutException e) {
            answered = true;
            SocketTimeoutException timeout =
                    new SocketTimeoutException(
                            millis < readTimeout.toMillis()
                                    ? "the request took too long"
                                    : "no byte for " + millis + " ms");
            timeout.initCause(e);
            throw timeout;
        }
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }

    /** Closes, and does not care how that goes. */
    public void abort() {
        try {
            transport.close();
        } catch (IOException e) {
            // It is of no more use either way.
        }
    }
}
