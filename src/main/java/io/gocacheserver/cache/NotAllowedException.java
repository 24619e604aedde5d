package io.gocacheserver.cache;

/** A request asks for what its {@link Access} does not include. */
public final class NotAllowedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NotAllowedException(String message) {
        super(message);
    }
}
