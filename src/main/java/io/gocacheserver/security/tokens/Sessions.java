package io.gocacheserver.security.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.gocacheserver.security.tokens.RefusedException.Reason;
import io.gocacheserver.security.tokens.TokenSettings.Secret;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Access tokens given in exchange for those of an issuer, which often live for a few minutes only. Such a token is a JWT of
 * our own: the claims of the other one, signed with a key that all replicas share (HS256). Its rights follow from the rules.
 */
public final class Sessions {

    public static final String ISSUER = "go-cache-server";

    private static final String NAME = "issuer_name";
    private static final String URI = "issuer_uri";
    private static final String CLAIMS = "claims";
    private static final JOSEObjectType TYPE = new JOSEObjectType("go-cache-session+jwt");
    private static final int MIN_KEY_BYTES = 32;

    /**
     * The access tokens for which POST /auth/exchange-token exchanges an issuer's token.
     *
     * @param lifetime How long one is valid.
     * @param secret Key with which they are signed, at least 32 characters, the same for all replicas; empty: a random one for each process. Several are set apart by white space: the first signs, all are accepted.
     * @param secretFile File with the same, read when the service starts.
     */
    public record Settings(
            @DurationMin(minutes = 1) @DurationMax(hours = 24) @DefaultValue("1h")
                    Duration lifetime,
            @Nullable Secret secret,
            @Nullable String secretFile) {}

    public record Session(
            String issuerName, String issuerUri, Claims claims, @Nullable Instant expires) {}

    private final List<byte[]> keys;
    private final Duration lifetime;
    private final InstantSource clock;

    public Sessions(String secrets, Duration lifetime, InstantSource clock) {
        this.keys = keys(secrets);
        this.lifetime = lifetime;
        this.clock = clock;
    }

    public Duration lifetime() {
        return lifetime;
    }

    public String issue(Session session) {
        Map<String, Object> kept = new HashMap<>(session.claims().values());
        kept.replaceAll(
                (_, value) ->
                        value instanceof Instant time ? (Object) time.getEpochSecond() : value);
        JWTClaimsSet set =
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .expirationTime(Date.from(clock.instant().plus(lifetime)))
                        .claim(NAME, session.issuerName())
                        .claim(URI, session.issuerUri())
                        .claim(CLAIMS, kept)
                        .build();
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).type(TYPE).build(), set);
        try {
            token.sign(new MACSigner(keys.getFirst()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    public Session verify(SignedJWT token) {
        try {
            if (!JWSAlgorithm.HS256.equals(token.getHeader().getAlgorithm())
                    || !TYPE.equals(token.getHeader().getType())
                    || !isSigned(token)) {
                throw invalid("its signature is not ours");
            }
            JWTClaimsSet set = token.getJWTClaimsSet();
            Date expires = set.getExpirationTime();
            Map<String, Object> claims = set.getJSONObjectClaim(CLAIMS);
            if (expires == null
                    || claims == null
                    || !clock.instant().isBefore(expires.toInstant())) {
                throw invalid("it has expired");
            }
            return new Session(
                    String.valueOf(set.getStringClaim(NAME)),
                    String.valueOf(set.getStringClaim(URI)),
                    new Claims(claims),
                    expires.toInstant());
        } catch (ParseException | JOSEException e) {
            throw invalid("it cannot be read");
        }
    }

    private boolean isSigned(SignedJWT token) throws JOSEException {
        for (byte[] key : keys) {
            if (token.verify(new MACVerifier(key))) {
                return true;
            }
        }
        return false;
    }

    private static RefusedException invalid(String why) {
        return new RefusedException(Reason.INVALID_TOKEN, "the access token is not valid: " + why);
    }

    private static List<byte[]> keys(String secrets) {
        if (secrets.isBlank()) {
            byte[] key = new byte[MIN_KEY_BYTES];
            new SecureRandom().nextBytes(key);
            return List.of(key);
        }
        return List.of(secrets.strip().split("\\s+")).stream().map(Sessions::key).toList();
    }

    private static byte[] key(String secret) {
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        if (key.length < MIN_KEY_BYTES) {
            throw new InvalidAuthException(
                    "cache-server.auth.session.secret: a key has at least %d characters, not %d; openssl rand -hex 32 makes a good one"
                            .formatted(MIN_KEY_BYTES, key.length));
        }
        return key;
    }
}
