package io.gocacheserver.profile;

/** A profile's key that is empty, too long or has characters that it must not have. */
public final class InvalidProfileKeyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    InvalidProfileKeyException(String message) {
        super(message);
    }
}
