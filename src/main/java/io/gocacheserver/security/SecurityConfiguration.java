package io.gocacheserver.security;

import io.gocacheserver.security.tokens.InvalidAuthException;
import io.gocacheserver.security.tokens.Issuer;
import io.gocacheserver.security.tokens.Permission;
import io.gocacheserver.security.tokens.Rules;
import io.gocacheserver.security.tokens.Sessions;
import io.gocacheserver.security.tokens.StaticTokens;
import io.gocacheserver.security.tokens.TokenSettings.Secret;
import io.gocacheserver.web.AccessResolver;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

@Configuration(proxyBeanMethods = false)
@Conditional(AuthProperties.OnAuth.class)
class SecurityConfiguration {

    @Bean
    StaticTokens staticTokens(AuthProperties properties) {
        StaticTokens tokens = new StaticTokens(properties.tokens(), properties.limits());
        tokens.watch();
        return tokens;
    }

    @Bean
    Authenticator authenticator(
            AuthProperties properties, StaticTokens tokens, ObjectProvider<SslBundles> bundles) {
        Rules rules =
                new Rules(
                        properties.rules(),
                        properties.issuers().keySet(),
                        properties.limits(),
                        properties.tokens());
        List<Issuer> issuers = new ArrayList<>();
        for (Map.Entry<String, Issuer.Settings> each : properties.issuers().entrySet()) {
            Issuer.Settings settings = each.getValue();
            if (issuers.stream().anyMatch(issuer -> issuer.uri().equals(settings.uri()))) {
                throw new InvalidAuthException(
                        "cache-server.auth.issuers.%s: another issuer has the URL %s"
                                .formatted(each.getKey(), settings.uri()));
            }
            issuers.add(
                    new Issuer(
                            each.getKey(), settings, client(settings, bundles), Clock.systemUTC()));
        }
        if (!issuers.isEmpty() && rules.count() == 0) {
            throw new InvalidAuthException(
                    "cache-server.auth.issuers are set, but no cache-server.auth.rules: their tokens could do nothing");
        }
        return new Authenticator(
                tokens, issuers, rules, sessions(properties.session()), InstantSource.system());
    }

    @Bean
    BearerFilter.Parts bearerFilterParts(
            AuthProperties properties, Authenticator authenticator, MeterRegistry registry) {
        return new BearerFilter.Parts(
                authenticator,
                new RateLimits(System::nanoTime),
                new BearerFilter.Refusals(registry),
                properties.anonymousReads());
    }

    @Bean
    AccessResolver securedAccess(AuthProperties properties, Authenticator authenticator) {
        return new AccessResolver(
                false,
                authenticator.summary()
                        + (properties.anonymousReads() ? ", everyone reads global" : ""));
    }

    /** Clients that may not observe see of health only whether it is good. */
    @Bean
    static BeanPostProcessor healthDetails() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof HealthEndpointProperties health) {
                    if (health.getShowDetails() == Show.ALWAYS) {
                        health.setShowDetails(Show.WHEN_AUTHORIZED);
                    }
                    health.setRoles(Set.of(Permission.OBSERVE.name()));
                }
                return bean;
            }
        };
    }

    private static Sessions sessions(Sessions.Settings settings) {
        String file = settings.secretFile();
        Secret secret = settings.secret();
        String text = secret == null ? "" : secret.text();
        if (file != null && !file.isBlank()) {
            try {
                text = Files.readString(Path.of(file));
            } catch (IOException e) {
                throw new InvalidAuthException("cache-server.auth.session.secret-file: " + e);
            }
        }
        return new Sessions(text, settings.lifetime(), InstantSource.system());
    }

    private static HttpClient client(Issuer.Settings settings, ObjectProvider<SslBundles> bundles) {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Issuer.TIMEOUT);
        @Nullable String bundle = settings.sslBundle();
        if (bundle != null && !bundle.isBlank()) {
            builder.sslContext(bundles.getObject().getBundle(bundle).createSslContext());
        }
        return builder.build();
    }
}
