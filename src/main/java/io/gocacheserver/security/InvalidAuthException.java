package io.gocacheserver.security;

/** The settings below {@code cache-server.auth} cannot be meant so. The message names the setting, and no secret. */
final class InvalidAuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidAuthException(String message) {
        super(message);
    }
}
