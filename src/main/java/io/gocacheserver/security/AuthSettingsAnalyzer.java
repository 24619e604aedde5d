package io.gocacheserver.security;

import io.gocacheserver.security.rules.InvalidAuthException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import java.util.stream.Collectors;

/**
 * Says which settings of {@code cache-server.auth} do not exist or cannot be meant so, without their values: Spring Boot's
 * own message would print a secret whose setting is misspelt.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class AuthSettingsAnalyzer extends AbstractFailureAnalyzer<RuntimeException> {

    private static final ConfigurationPropertyName AUTH =
            ConfigurationPropertyName.of("cache-server.auth");
    private static final String ACTION = "See \"Who may do what\" in docs/security.md.";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, RuntimeException cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof InvalidAuthException) {
                return new FailureAnalysis(e.getMessage(), ACTION, e);
            }
            if (e instanceof UnboundConfigurationPropertiesException unbound) {
                String names =
                        unbound.getUnboundProperties().stream()
                                .map(ConfigurationProperty::getName)
                                .filter(AUTH::isAncestorOf)
                                .map(ConfigurationPropertyName::toString)
                                .sorted()
                                .collect(Collectors.joining(", "));
                return names.isEmpty()
                        ? null
                        : new FailureAnalysis("There is no setting " + names, ACTION, e);
            }
        }
        return null;
    }
}
