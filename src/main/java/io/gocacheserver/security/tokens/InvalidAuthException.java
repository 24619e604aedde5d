package io.gocacheserver.security.tokens;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The settings below {@code cache-server.auth} cannot be meant so. The message names the setting, and no secret. */
public final class InvalidAuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvalidAuthException(String message) {
        super(message);
    }

    static final class Analyzer extends AbstractFailureAnalyzer<InvalidAuthException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, InvalidAuthException cause) {
            return new FailureAnalysis(
                    cause.getMessage(), "See \"Who may do what\" in docs/security.md.", cause);
        }
    }
}
