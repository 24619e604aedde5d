package io.gocacheserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.gocacheserver.security.tokens.Issuer;
import io.gocacheserver.security.tokens.RefusedException;
import io.gocacheserver.security.tokens.RefusedException.Reason;
import io.gocacheserver.testsupport.TestIssuer;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;

/** How an issuer's tokens are checked: algorithms, keys, times. */
class TokenChecksTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration SKEW = Duration.ofSeconds(30);

    @AutoClose private static TestIssuer server;
    private static Issuer issuer;

    @BeforeAll
    static void start() throws Exception {
        server = new TestIssuer();
        List<JWK> keys = new ArrayList<>();
        for (Curve curve : List.of(Curve.P_256, Curve.P_384, Curve.P_521)) {
            keys.add(new ECKeyGenerator(curve).keyID(curve.getName()).generate());
        }
        server.setOtherKeys(keys);
        Issuer.Settings settings =
                new Issuer.Settings(
                        server.uri(), List.of(TestIssuer.AUDIENCE), null, SKEW, null, null);
        issuer =
                new Issuer(
                        "ci",
                        settings,
                        HttpClient.newHttpClient(),
                        Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void whatIsListedAsAcceptedIsAccepted(JWSAlgorithm algorithm) throws Exception {
        JWK key =
                JWSAlgorithm.Family.RSA.contains(algorithm)
                        ? server.key()
                        : server.keys().getKeys().stream()
                                .filter(each -> isFor(algorithm, each))
                                .findFirst()
                                .orElseThrow();
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(),
                        claims(NOW.plusSeconds(60)).build());
        token.sign(new DefaultJWSSignerFactory().createJWSSigner(key, algorithm));

        assertThat(issuer.verify(token.serialize()).getSubject()).isEqualTo("somebody");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EdDSA", "Ed25519", "ES256K", "HS256", "XX1"})
    void anotherAlgorithmIsSaidToBeOne(String algorithm) {
        String token =
                base64("{\"alg\":\"%s\",\"kid\":\"x\"}".formatted(algorithm))
                        + "."
                        + base64(claims(NOW.plusSeconds(60)).build().toString())
                        + "."
                        + base64("signature");

        assertRefused(token, "an algorithm that is not accepted");
    }

    @Test
    void anUnknownKeyIsSaidToBeOne() {
        for (int i = 0; i < 3; i++) { // fetches the keys, and then may not
            String token =
                    TestIssuer.signed(TestIssuer.newKey(), claims(NOW.plusSeconds(60)).build());

            assertRefused(token, "has no key with the ID (kid)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-29999, 0, true",
        "-30001, 0, false",
        "60000, 29999, true",
        "60000, 31001, false",
        "-1, 1, true"
    })
    void timesAreTakenWithTheSkew(long expiresMillis, long beginsMillis, boolean valid) {
        JWTClaimsSet claims =
                claims(NOW.plusMillis(expiresMillis))
                        .claim("exp", seconds(expiresMillis))
                        .claim("nbf", seconds(beginsMillis))
                        .build();
        String token = TestIssuer.signed(server.key(), claims);

        if (valid) {
            assertThat(issuer.verify(token).getSubject()).isEqualTo("somebody");
        } else {
            assertThatThrownBy(() -> issuer.verify(token)).isInstanceOf(RefusedException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"exp\":null",
                "\"exp\":\"tomorrow\"",
                "\"exp\":[1900000000]",
                "\"exp\":-9223372036854775808",
                "\"exp\":99999999999,\"nbf\":99999999998",
                "\"exp\":1900000000,\"nbf\":\"x\"",
                "\"exp\":0",
                "\"exp\":-1e300"
            })
    void timesThatAreNoneAreRefused(String times) throws Exception {
        JWSObject token =
                new JWSObject(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .keyID(server.key().getKeyID())
                                .build(),
                        new Payload(
                                "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"somebody\",%s}"
                                        .formatted(server.uri(), TestIssuer.AUDIENCE, times)));
        token.sign(new RSASSASigner(server.key()));

        assertThatThrownBy(() -> issuer.verify(token.serialize()))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_TOKEN));
    }

    private static Collection<JWSAlgorithm> accepted() {
        return Issuer.ALGORITHMS;
    }

    private static boolean isFor(JWSAlgorithm algorithm, JWK key) {
        return Curve.forJWSAlgorithm(algorithm) != null
                && Curve.forJWSAlgorithm(algorithm).stream()
                        .anyMatch(curve -> curve.getName().equals(key.getKeyID()));
    }

    private static void assertRefused(String token, String message) {
        assertThatThrownBy(() -> issuer.verify(token))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_TOKEN))
                .hasMessageContaining(message);
    }

    /** Fractions of a second, which a NumericDate may have. */
    private static double seconds(long millis) {
        return (NOW.toEpochMilli() + millis) / 1e3;
    }

    private static JWTClaimsSet.Builder claims(Instant expires) {
        return new JWTClaimsSet.Builder()
                .issuer(server.uri())
                .audience(TestIssuer.AUDIENCE)
                .subject("somebody")
                .expirationTime(Date.from(expires));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(TestValues.bytes(text));
    }
}
