package io.gocacheserver.adapter.http.connection;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** A stream of bytes to and from a peer: TCP, TLS over TCP, or a Unix socket. */
public interface Transport extends Closeable {

    /**
     * Up to {@code length} bytes; -1 at the end.
     *
     * @param timeoutMillis longest wait for the first of them, at least 1
     * @throws SocketTimeoutException if none came in that time
     */
    int read(byte[] target, int from, int length, int timeoutMillis) throws IOException;

    /** Whether bytes are known to wait for a read. Does not block. */
    boolean hasUnread() throws IOException;

    /** Sends all of them. May block until another thread closes this. */
    void write(byte[] source, int from, int length) throws IOException;

    /** Closes at once, from any thread; a blocked read or write fails then. */
    @Override
    void close() throws IOException;
}
