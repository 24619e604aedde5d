package io.gocacheserver.security.rules;

/** The settings below {@code cache-server.auth} cannot be meant so. The message names the setting, and no secret. */
public final class InvalidAuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvalidAuthException(String message) {
        super(message);
    }
}
