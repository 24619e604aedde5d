package io.gocacheserver.cache.tier;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** An object's bytes could not be read from where they come from: a client, or another tier. */
public sealed class ObjectSourceException extends IOException permits ObjectMismatchException {

    private static final long serialVersionUID = 1L;

    public ObjectSourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
