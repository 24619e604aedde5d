package io.gocacheserver.adapter.protocol;

import java.io.IOException;

/** The input is not GOCACHEPROG's protocol, and its next request cannot be found. */
public final class ProtocolException extends IOException {

    ProtocolException(String message) {
        super("stdin is not the Go command's GOCACHEPROG protocol: " + message);
    }
}
