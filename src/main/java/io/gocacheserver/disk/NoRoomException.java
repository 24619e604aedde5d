package io.gocacheserver.disk;

import java.io.IOException;

/** The directory may not, or the volume cannot, take any more, and nothing can be evicted. */
final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1L;

    NoRoomException(String message) {
        super(message);
    }
}
