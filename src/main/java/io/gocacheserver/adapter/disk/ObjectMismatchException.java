package io.gocacheserver.adapter.disk;

import java.io.IOException;

/** An object's bytes are not as many as announced, or do not hash to their output ID. */
public final class ObjectMismatchException extends IOException {

    ObjectMismatchException(String message) {
        super(message);
    }
}
