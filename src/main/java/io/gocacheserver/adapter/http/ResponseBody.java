package io.gocacheserver.adapter.http;

import java.io.IOException;

/** The body of an answer, in one of HTTP's framings. */
sealed interface ResponseBody permits LengthBody, ChunkedBody, UntilCloseBody {

    /** Up to {@code length} bytes; -1 after the last one. */
    int read(byte[] target, int from, int length) throws IOException;

    /** Whether the last byte has been read and the connection is at the start of the next answer. */
    boolean atEnd();
}
