package io.gocacheserver.adapter.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/**
 * A few bytes as the body of a request.
 *
 * @param bytes kept, not to be changed
 */
public record BytesBody(byte[] bytes) implements RequestBody {

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }
}
