package io.gocacheserver.adapter.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** Bytes that come off a connection. */
public interface ByteSource {

    /** Up to {@code length} bytes, at least one; -1 after the last. */
    int read(byte[] target, int from, int length) throws IOException;

    /** Exactly {@code length} bytes, to the beginning of {@code target}. Fails if there are fewer. */
    default void fill(byte[] target, int length) throws IOException {
        int filled = 0;
        while (filled < length) {
            int count = read(target, filled, length - filled);
            if (count < 0) {
                throw new EOFException("the service's answer ended too soon");
            }
            filled += count;
        }
    }

    /** To be called where much is made of few bytes. Fails if the time is over in which they may come. */
    void requireTime() throws SocketTimeoutException;
}
