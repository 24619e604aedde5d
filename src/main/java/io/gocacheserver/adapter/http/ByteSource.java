package io.gocacheserver.adapter.http;

import java.io.IOException;

/** Bytes that come off a connection. */
@FunctionalInterface
public interface ByteSource {

    /** Up to {@code length} bytes, at least one; -1 after the last. */
    int read(byte[] target, int from, int length) throws IOException;
}
