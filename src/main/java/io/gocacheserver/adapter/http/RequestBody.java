package io.gocacheserver.adapter.http;

import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of a request: so many bytes, which can be read again for a second attempt. */
public record RequestBody(long length, Source source) {

    public interface Source {
        InputStream open() throws IOException;
    }

    /** @param bytes kept, not to be changed */
    public static RequestBody of(byte[] bytes) {
        return new RequestBody(bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    /** The first {@code length} bytes of a file. */
    public static RequestBody ofFile(String path, long length) {
        return new RequestBody(length, () -> new FileInputStream(path));
    }
}
