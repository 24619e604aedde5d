package io.gocacheserver.disk.index;

import java.io.IOException;

/** The directory may not, or the volume cannot, take any more, and nothing can be evicted. */
public final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1L;

    public NoRoomException(String message) {
        super(message);
    }
}
