package io.gocacheserver.adapter.http;

import java.io.IOException;
import java.net.SocketTimeoutException;

/** Bytes that come off a connection. */
public interface ByteSource {

    /** Up to {@code length} bytes, at least one; -1 after the last. */
    int read(byte[] target, int from, int length) throws IOException;

    /**
     * To be called where much is made of few bytes.
     *
     * @throws SocketTimeoutException if the time is over in which they may come
     */
    void requireTime() throws SocketTimeoutException;
}
