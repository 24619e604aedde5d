package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.adapter.http.RequestBody;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file as the body of a request.
 *
 * @param path the file
 * @param length its bytes
 */
record FileBody(String path, long length) implements RequestBody {

    @Override
    public InputStream open() throws IOException {
        return new FileInputStream(path);
    }
}
