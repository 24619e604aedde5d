package io.gocacheserver.module;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Settings of {@code cache-server.modules} that cannot be meant so; the message names the property. */
final class InvalidModulesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidModulesException(String message) {
        super(message);
    }

    /** Says so when the service does not start. */
    static final class Analyzer extends AbstractFailureAnalyzer<InvalidModulesException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, InvalidModulesException cause) {
            return new FailureAnalysis(cause.getMessage(), "See docs/modules.md.", cause);
        }
    }
}
