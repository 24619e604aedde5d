package io.gocacheserver.security;

import io.gocacheserver.security.tokens.Issuer;
import io.gocacheserver.security.tokens.LimitSettings;
import io.gocacheserver.security.tokens.Rules.RuleSettings;
import io.gocacheserver.security.tokens.Sessions;
import io.gocacheserver.security.tokens.TokenSettings;

import jakarta.validation.Valid;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.validation.annotation.Validated;

import java.util.List;
import java.util.Map;

/**
 * Who may use the cache.
 *
 * @param enabled Whether clients need a token; by default they do as soon as a token or an issuer is set.
 * @param anonymousReads Whether everyone may read what is in the namespace global.
 * @param tokens Static tokens.
 * @param issuers OpenID Connect issuers, by a name that rules use.
 * @param rules What tokens of issuers may do. The first rule that matches holds; without one, nothing.
 * @param session Access tokens given in exchange for those of issuers.
 * @param limits What each client may take, where its token or rule does not say otherwise.
 */
@Validated
@ConfigurationProperties(value = "cache-server.auth", ignoreUnknownFields = false)
public record AuthProperties(
        @Nullable Boolean enabled,
        @DefaultValue("false") boolean anonymousReads,
        @DefaultValue List<@Valid TokenSettings> tokens,
        @DefaultValue Map<String, Issuer.@Valid Settings> issuers,
        @DefaultValue List<@Valid RuleSettings> rules,
        @Valid @DefaultValue Sessions.Settings session,
        @Valid @DefaultValue LimitSettings limits) {

    boolean isOn() {
        return enabled != null ? enabled : !tokens.isEmpty() || !issuers.isEmpty();
    }

    static final class OnAuth implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return Binder.get(context.getEnvironment())
                    .bindOrCreate("cache-server.auth", AuthProperties.class)
                    .isOn();
        }
    }
}
