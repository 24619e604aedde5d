package io.gocacheserver.adapter.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A few bytes as the body of a request. */
public final class BytesBody implements RequestBody {

    private final byte[] bytes;

    /** @param bytes kept, not to be changed */
    public BytesBody(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }
}
