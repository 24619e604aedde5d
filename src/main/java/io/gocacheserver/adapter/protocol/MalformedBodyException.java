package io.gocacheserver.adapter.protocol;

import java.io.IOException;

/** The body of a put is a JSON string, but not base64. The request has failed; the stream goes on after it. */
public final class MalformedBodyException extends IOException {

    MalformedBodyException() {
        super("the body is no base64");
    }
}
