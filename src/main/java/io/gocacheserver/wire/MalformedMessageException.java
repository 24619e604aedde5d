package io.gocacheserver.wire;

/** Bytes that are not the message of the HTTP contract that they should be. */
public final class MalformedMessageException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}
