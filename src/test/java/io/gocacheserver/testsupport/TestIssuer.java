package io.gocacheserver.testsupport;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An OpenID Connect issuer with real keys over real HTTP, which can lose its mind: change keys, fail, hang. */
public final class TestIssuer implements AutoCloseable {

    public static final String AUDIENCE = "https://cache.example.com";

    private final HttpServer server;
    private final AtomicInteger keyRequests = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile RSAKey key = newKey();
    private volatile boolean down;
    private volatile boolean hanging;

    public TestIssuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/.well-known/openid-configuration", this::discovery);
        server.createContext(
                "/keys",
                exchange -> {
                    keyRequests.incrementAndGet();
                    answer(exchange, new JWKSet(key).toString());
                });
        server.start();
    }

    public String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public RSAKey key() {
        return key;
    }

    public int keyRequests() {
        return keyRequests.get();
    }

    /** From now on it signs with another key, and no longer names the old one. */
    public void rotate() {
        key = newKey();
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
    public void close() {
        end.countDown();
        server.stop(0);
    }

    private void discovery(HttpExchange exchange) throws IOException {
        answer(exchange, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(uri(), uri()));
    }

    private void answer(HttpExchange exchange, String json) throws IOException {
        if (hanging) {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(down ? 500 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
