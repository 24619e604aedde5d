package io.gocacheserver.adapter.protocol;

import java.io.IOException;

/** What came in on stdin is not GOCACHEPROG's protocol; there is no way to find its next request. */
public final class ProtocolException extends IOException {

    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
        super(message);
    }
}
