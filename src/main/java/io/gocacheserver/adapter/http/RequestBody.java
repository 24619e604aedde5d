package io.gocacheserver.adapter.http;

import java.io.IOException;
import java.io.InputStream;

/** The body of a request, which can be read again for a second attempt. */
public interface RequestBody {

    /** Bytes. */
    long length();

    /** A new stream of exactly that many bytes. */
    InputStream open() throws IOException;
}
