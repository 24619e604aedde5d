package io.gocacheserver.security.tokens;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import io.gocacheserver.security.tokens.RefusedException.Reason;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Verifies the JWTs of one issuer: signed with one of its keys by an asymmetric algorithm, for an audience that is ours,
 * within the time that they say. Its keys are fetched with the first token, again ahead of {@link #KEYS_KEPT}, and when a
 * token names another, but not more often than {@link #KEYS_INTERVAL} allows. While the issuer does not answer, they stay
 * valid for {@link #OUTAGE}; without any, its tokens are refused, and few requests wait for it at a time.
 */
public final class Issuer {

    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Issuer.class);
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int OK = 200;
    private static final Duration KEYS_KEPT = Duration.ofMinutes(30);
    private static final Duration KEYS_AHEAD = Duration.ofMinutes(5);
    private static final Duration KEYS_WAIT = Duration.ofSeconds(15);
    public static final Duration KEYS_INTERVAL = Duration.ofSeconds(10);
    private static final Duration OUTAGE = Duration.ofHours(4);
    private static final int MAX_AT_ONCE = 32;
    private static final int MAX_WAIT_MILLIS = 200;
    private static final int RETRY_SECONDS = 10;

    /** Those that Java and the library both have: not ES256K and EdDSA, which would need others. */
    public static final Set<JWSAlgorithm> ALGORITHMS =
            Stream.of(
                            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                            "ES512")
                    .map(JWSAlgorithm::parse)
                    .collect(Collectors.toUnmodifiableSet());

    /**
     * An OpenID Connect issuer whose tokens are accepted.
     *
     * @param uri The issuer's URL, exactly as its tokens have it in the claim iss.
     * @param audience One or more of which a token must have one in the claim aud.
     * @param jwksUri Where its keys are, if not where its discovery document says.
     * @param clockSkew By how much its clock may differ, at most ten minutes.
     * @param sslBundle Name of the SSL bundle with the certificates that are trusted when its keys are fetched; empty: the JVM's.
     * @param keysTokenFile File with a bearer token for fetching its keys, which Kubernetes may want.
     */
    public record Settings(
            @NotBlank String uri,
            @NotEmpty List<@NotBlank String> audience,
            @Nullable String jwksUri,
            @NotNull @DurationMin(seconds = 0) @DurationMax(minutes = 10) @DefaultValue("30s")
                    Duration clockSkew,
            @Nullable String sslBundle,
            @Nullable String keysTokenFile) {}

    private final String name;
    private final String uri;
    private final Keys keys;
    private final NimbusJwtDecoder decoder;
    private final Semaphore places = new Semaphore(MAX_AT_ONCE);

    public Issuer(String name, Settings settings, HttpClient client, Clock clock) {
        this.keys = new Keys(settings, client);
        this.name = name;
        this.uri = settings.uri();
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(
                        JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        JWSVerificationKeySelector<SecurityContext> ofIssuer =
                new JWSVerificationKeySelector<>(ALGORITHMS, cached(keys));
        processor.setJWSKeySelector((header, context) -> select(ofIssuer, header, context));
        processor.setJWTClaimsSetVerifier((claims, context) -> {}); // validated below
        JwtTimestampValidator timestamps = new JwtTimestampValidator(settings.clockSkew());
        timestamps.setClock(clock);
        timestamps.setAllowEmptyExpiryClaim(false);
        decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(
                new DelegatingOAuth2TokenValidator<>(
                        timestamps,
                        new JwtIssuerValidator(uri),
                        audience(Set.copyOf(settings.audience()))));
    }

    public String name() {
        return name;
    }

    public String uri() {
        return uri;
    }

    public Jwt verify(String token) {
        boolean placed = false;
        try {
            placed = places.tryAcquire(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
            if (!placed) {
                throw unavailable("too many of its tokens wait for its keys");
            }
            return decoder.decode(token);
        } catch (BadJwtException e) {
            throw invalidToken(e);
        } catch (JwtException e) {
            throw unavailable("its keys cannot be fetched");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted");
        } finally {
            if (placed) {
                places.release();
            }
        }
    }

    private List<? extends Key> select(
            JWSKeySelector<SecurityContext> ofIssuer, JWSHeader header, SecurityContext context)
            throws KeySourceException {
        if (!ALGORITHMS.contains(header.getAlgorithm())) {
            throw new RefusedException(
                    Reason.INVALID_TOKEN,
                    "the token is signed with an algorithm that is not accepted");
        }
        try {
            List<? extends Key> found = ofIssuer.selectJWSKeys(header, context);
            if (!found.isEmpty()) {
                return found;
            }
        } catch (RateLimitReachedException e) { // they were fetched a moment ago, or tried to be
            if (!keys.areKnown()) {
                throw e;
            }
        }
        throw new RefusedException(
                Reason.INVALID_TOKEN,
                "its issuer %s has no key with the ID (kid) and for the algorithm that the token names"
                        .formatted(uri));
    }

    private RefusedException unavailable(String why) {
        return new RefusedException(
                Reason.ISSUER_UNAVAILABLE,
                "tokens of %s cannot be checked at present: %s".formatted(uri, why),
                RETRY_SECONDS);
    }

    private static RefusedException invalidToken(JwtException e) {
        String message = String.valueOf(e.getMessage());
        String prefix = "An error occurred while attempting to decode the Jwt: ";
        return new RefusedException(
                Reason.INVALID_TOKEN,
                message.startsWith(prefix) ? message.substring(prefix.length()) : message);
    }

    private static JWKSource<SecurityContext> cached(Keys keys) {
        return JWKSourceBuilder.<SecurityContext>create(keys)
                .cache(KEYS_KEPT.toMillis(), KEYS_WAIT.toMillis())
                .refreshAheadCache(KEYS_AHEAD.toMillis(), false)
                .rateLimited(KEYS_INTERVAL.toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build();
    }

    private static OAuth2TokenValidator<Jwt> audience(Set<String> ours) {
        return jwt -> {
            List<String> audience = jwt.getAudience();
            return audience != null && audience.stream().anyMatch(ours::contains)
                    ? OAuth2TokenValidatorResult.success()
                    : OAuth2TokenValidatorResult.failure(
                            new OAuth2Error(
                                    "invalid_token",
                                    "the token is for the audience %s".formatted(audience),
                                    null));
        };
    }

    /**
     * Fetches an issuer's keys, from where its discovery document (OpenID Connect Discovery 1.0, section 4) or the settings
     * say. The caller caches keys, and asks for them no more often than {@link #KEYS_INTERVAL} allows.
     */
    private static final class Keys implements JWKSetSource<SecurityContext> {

        private final Settings settings;
        private final HttpClient client;
        private volatile boolean fetched;

        Keys(Settings settings, HttpClient client) {
            this.settings = settings;
            this.client = client;
        }

        boolean areKnown() {
            return fetched;
        }

        @Override
        public JWKSet getJWKSet(
                JWKSetCacheRefreshEvaluator refresh, long time, SecurityContext context)
                throws KeySourceException {
            try {
                JWKSet keys = JWKSet.parse(fetch(keysUri()));
                fetched = true;
                return keys;
            } catch (IOException | ParseException | JacksonException | IllegalArgumentException e) {
                throw failed(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failed(e);
            }
        }

        private JWKSetUnavailableException failed(Exception e) {
            String message = "keys of issuer %s: %s".formatted(settings.uri(), e);
            log.warn("{}; its tokens are refused until it answers", message);
            return new JWKSetUnavailableException(message, e);
        }

        private String keysUri() throws IOException, InterruptedException {
            String set = settings.jwksUri();
            if (set != null && !set.isBlank()) {
                return set;
            }
            String issuer = settings.uri();
            String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
            String address = base + "/.well-known/openid-configuration";
            JsonNode document = JsonMapper.shared().readTree(fetch(address));
            if (!issuer.equals(document.path("issuer").asString(""))) {
                throw new IOException(
                        "%s says that it is of another issuer: %s"
                                .formatted(address, document.path("issuer")));
            }
            String uri = document.path("jwks_uri").asString("");
            if (uri.isEmpty()) {
                throw new IOException(address + " has no jwks_uri");
            }
            return uri;
        }

        private String fetch(String uri) throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(uri))
                            .timeout(TIMEOUT)
                            .header("Accept", "application/json");
            String tokenFile = settings.keysTokenFile();
            if (tokenFile != null && !tokenFile.isBlank()) {
                String token = Files.readString(Path.of(tokenFile)).strip();
                request.header("Authorization", "Bearer " + token);
            }
            HttpResponse<String> response =
                    client.send(
                            request.build(),
                            BodyHandlers.limiting(BodyHandlers.ofString(), MAX_BYTES));
            if (response.statusCode() != OK) {
                throw new IOException("%s answered %d".formatted(uri, response.statusCode()));
            }
            return response.body();
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
