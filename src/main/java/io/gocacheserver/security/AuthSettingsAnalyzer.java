package io.gocacheserver.security;

import io.gocacheserver.security.rules.InvalidAuthException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which settings of {@code cache-server.auth} cannot be meant so, without their values. */
final class AuthSettingsAnalyzer extends AbstractFailureAnalyzer<InvalidAuthException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidAuthException cause) {
        return new FailureAnalysis(
                cause.getMessage(), "See \"Who may do what\" in docs/security.md.", cause);
    }
}
