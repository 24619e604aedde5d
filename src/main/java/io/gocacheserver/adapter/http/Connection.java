package io.gocacheserver.adapter.http;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/**
 * A stream of bytes to and from a peer, by TCP, TLS or a Unix socket, with its read buffer. Used by one request at a time, and each wait
 * is bounded by that one's deadline: of plain TCP by the socket's own timeout; a Unix socket knows none, and that of TLS is for each byte,
 * where a read ends with a whole record, so for these a watchdog closes what is below them.
 */
final class Connection implements Closeable {

    static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final int BUFFER_BYTES = 32 * 1024;

    /** Closes at once, from any thread: a TLS socket would wait for a write that is blocked. */
    private final Closeable raw;

    private final @Nullable Socket timed; // the socket of plain TCP, or null
    private final String host;
    private final InputStream in;
    private final OutputStream out;
    private final Duration readTimeout;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private Deadline deadline;
    private boolean used;
    private boolean answered;

    /** {@code raw} is the socket below TLS, {@code timed} the same of plain TCP or null. */
    Connection(
            Closeable raw,
            @Nullable Socket timed,
            String host,
            InputStream in,
            OutputStream out,
            Duration readTimeout,
            Deadline deadline) {
        this.raw = raw;
        this.timed = timed;
        this.host = host;
        this.in = in;
        this.out = out;
        this.readTimeout = readTimeout;
        this.deadline = deadline;
    }

    void begin(Deadline newDeadline) {
        deadline = newDeadline;
        answered = false;
    }

    void end() {
        used = true;
    }

    /** Whether a failure may only mean that the server has closed an idle connection. */
    boolean mayBeStale() {
        return used && !answered;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Sends all of them. May block until another thread closes this. */
    void write(byte[] source, int from, int length) throws IOException {
        try {
            out.write(source, from, length);
        } catch (SSLException e) {
            throw Tls.failure(e, host);
        }
    }

    /** Whether bytes are there that no request has asked for, or it is broken. */
    boolean hasUnread() {
        try {
            return position < limit || in.available() > 0;
        } catch (IOException e) {
            return true;
        }
    }

    private int read() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(receive(buffer, 0, buffer.length), 0);
            if (limit == 0) {
                throw new IOException("the service closed the connection without an answer");
            }
        }
        return buffer[position++] & 0xff;
    }

    /** A line of so many bytes at most, without the CR LF in which it ends. */
    String readLine(int most) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int b = read(); b != '\r'; b = read()) {
            if (b == '\n' || b == 0) {
                throw notHttp();
            }
            if (line.length() >= most) {
                throw new IOException("the service sent a head of more than 64 KiB");
            }
            line.append((char) b);
        }
        if (read() != '\n') {
            throw notHttp();
        }
        return line.toString();
    }

    static IOException notHttp() {
        return new IOException("what the service sent is not HTTP/1.1");
    }

    /** Up to {@code length} bytes; -1 at the end. */
    int read(byte[] target, int from, int length) throws IOException {
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
            int count = receive(target, from, length, millis);
            answered |= count > 0;
            return count;
        } catch (SocketTimeoutException e) {
            answered = true;
            boolean silent = millis >= readTimeout.toMillis();
            throw new SocketTimeoutException(
                    silent ? "no byte for " + millis + " ms" : "the request took too long");
        }
    }

    private int receive(byte[] target, int from, int length, int millis) throws IOException {
        if (timed != null) {
            timed.setSoTimeout(millis);
        } else if (in.available() == 0) {
            return receiveGuarded(target, from, length, millis);
        }
        return in.read(target, from, length);
    }

    private int receiveGuarded(byte[] target, int from, int length, int millis) throws IOException {
        try (Watchdog watchdog = new Watchdog(raw, TimeUnit.MILLISECONDS.toNanos(millis))) {
            try {
                return in.read(target, from, length);
            } catch (IOException e) {
                watchdog.completed();
                // With TLS 1.3 a server refuses a client's certificate only after the handshake.
                throw e instanceof SSLException ? Tls.failure(e, host) : e;
            }
        }
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }

    /** Closes, and does not care how that goes. */
    void abort() {
        try {
            close();
        } catch (IOException e) {
            // It is of no more use either way.
        }
    }
}
