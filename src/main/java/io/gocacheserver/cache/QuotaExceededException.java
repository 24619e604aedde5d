package io.gocacheserver.cache;

/** A namespace has all that it may have, and none of it can be removed at present. */
public final class QuotaExceededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public QuotaExceededException(String message) {
        super(message);
    }
}
