package io.gocacheserver.testsupport;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.gocacheserver.testsupport.ScriptedServer.Exchange;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** An OpenID Connect issuer with real keys over real HTTP, which can lose its mind: change keys, fail, hang. */
public final class TestIssuer implements AutoCloseable {

    public static final String AUDIENCE = "https://cache.example.com";

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final String KEYS = "/keys";

    private final ScriptedServer server;
    private volatile RSAKey key = newKey();
    private volatile List<JWK> others = List.of();
    private volatile boolean down;
    private volatile boolean hanging;

    public TestIssuer() throws IOException {
        server = new ScriptedServer(this::answer);
    }

    public String uri() {
        return server.url();
    }

    public RSAKey key() {
        return key;
    }

    public long keyRequests() {
        return server.requests().stream().filter(each -> each.path().equals(KEYS)).count();
    }

    /** From now on it signs with another key, and no longer names the old one. */
    public void rotate() {
        key = newKey();
    }

    /** From now on it names these keys, too. */
    public void setOtherKeys(List<JWK> keys) {
        others = List.copyOf(keys);
    }

    public void setDown(boolean isDown) {
        down = isDown;
    }

    public void setHanging(boolean isHanging) {
        hanging = isHanging;
    }

    /** A token that is valid for ten minutes, with these claims besides. */
    public String token(Map<String, Object> claims) {
        return token(claims, builder -> {});
    }

    /** A token that differs from a valid one in what is done to it. */
    public String token(Map<String, Object> claims, Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder set =
                new JWTClaimsSet.Builder()
                        .issuer(uri())
                        .audience(AUDIENCE)
                        .subject("somebody")
                        .issueTime(Date.from(Instant.now()))
                        .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(10))));
        claims.forEach(set::claim);
        change.accept(set);
        return signed(key, set.build());
    }

    public static String signed(RSAKey key, JWTClaimsSet claims) {
        try {
            SignedJWT jwt =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                            claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void answer(Exchange exchange) throws IOException {
        if (hanging) {
            exchange.hang();
        }
        switch (exchange.request().path()) {
            case DISCOVERY ->
                    answer(
                            exchange,
                            "{\"issuer\":\"%s\",\"jwks_uri\":\"%s%s\"}"
                                    .formatted(uri(), uri(), KEYS));
            case KEYS -> answer(exchange, keys().toString());
            default -> exchange.answer(404, new byte[0]);
        }
    }

    public JWKSet keys() {
        List<JWK> all = new ArrayList<>(others);
        all.add(key);
        return new JWKSet(all);
    }

    private void answer(Exchange exchange, String json) throws IOException {
        exchange.answer(down ? 500 : 200, TestValues.bytes(json), "Content-Type: application/json");
    }
}
