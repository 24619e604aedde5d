package io.gocacheserver.web.content;

import java.io.IOException;

/** An object that the cache has cannot be read: its file is gone, its frame is damaged, the connection to S3 broke. */
public final class UnreadableContentException extends IOException {

    private static final long serialVersionUID = 1L;

    UnreadableContentException(Exception cause) {
        super(cause.toString(), cause);
    }
}
