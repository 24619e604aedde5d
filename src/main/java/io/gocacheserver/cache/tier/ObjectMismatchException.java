package io.gocacheserver.cache.tier;

/** All bytes came, but they are not those that were announced: another length, or another hash. */
public final class ObjectMismatchException extends ObjectSourceException {

    private static final long serialVersionUID = 1L;

    public ObjectMismatchException(String message) {
        super(message, null);
    }
}
