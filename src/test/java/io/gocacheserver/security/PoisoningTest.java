package io.gocacheserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;

import io.gocacheserver.security.tokens.Issuer;
import io.gocacheserver.testsupport.TestIssuer;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** What somebody would try who wants a release build to link what he has written. */
class PoisoningTest {

    private static final Map<String, Object> MAIN =
            Map.of("repository", "acme/app", "ref", "refs/heads/main");

    @TempDir private static Path directory;
    @AutoClose private static TestIssuer issuer;
    @AutoClose private static SecuredService service;

    @BeforeAll
    static void start() throws Exception {
        issuer = new TestIssuer();
        service = new SecuredService(directory, issuer);
    }

    @Test
    void anUnsignedTokenIsNone() throws Exception {
        assertRefused(new PlainJWT(claims().build()).serialize());
        String header = base64("{\"alg\":\"none\"}");
        assertRefused(header + "." + base64(claims().build().toString()) + ".");
        String[] good = issuer.token(MAIN).split("\\.");
        assertRefused(good[0] + "." + good[1] + ".");
        assertRefused(header + "." + good[1] + "." + good[2]);
    }

    @Test
    void theIssuersPublicKeyIsNoSecretToSignWith() throws Exception {
        for (byte[] secret :
                new byte[][] {
                    issuer.key().toRSAPublicKey().getEncoded(),
                    issuer.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)
                }) {
            SignedJWT forged =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.HS256)
                                    .keyID(issuer.key().getKeyID())
                                    .build(),
                            claims().build());
            forged.sign(new MACSigner(secret));
            assertRefused(forged.serialize());
        }
    }

    @Test
    void aKeyThatTheIssuerDoesNotHaveSignsNothing() throws Exception {
        RSAKey forgersKey = TestIssuer.newKey();
        assertRefused(TestIssuer.signed(forgersKey, claims().build()));
        RSAKey named = new RSAKey.Builder(forgersKey).keyID(issuer.key().getKeyID()).build();
        assertRefused(TestIssuer.signed(named, claims().build()));
        List<String> forged = new ArrayList<>();
        for (int i = 0; i < 20; i++) { // before the clock runs: making a key takes its time
            forged.add(TestIssuer.signed(TestIssuer.newKey(), claims().build()));
        }
        long before = issuer.keyRequests();
        long start = System.nanoTime();
        for (String token : forged) {
            assertRefused(token);
        }
        // The first and the last may have begun before, and end after this.
        long intervals = 2 + (System.nanoTime() - start) / Issuer.KEYS_INTERVAL.toNanos();
        assertThat(issuer.keyRequests() - before)
                .as("requests for keys: two in each interval")
                .isLessThanOrEqualTo(2 * intervals);
    }

    @Test
    void aKeyThatTheTokenItselfBringsSignsNothing() throws Exception {
        RSAKey forgersKey = TestIssuer.newKey();
        SignedJWT forged =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .jwk(forgersKey.toPublicJWK())
                                .keyID(forgersKey.getKeyID())
                                .build(),
                        claims().build());
        forged.sign(new com.nimbusds.jose.crypto.RSASSASigner(forgersKey));
        assertRefused(forged.serialize());
    }

    @Test
    void aTokenWithoutAnEndIsNone() throws Exception {
        assertRefused(issuer.token(MAIN, claims -> claims.expirationTime(null)));
    }

    @Test
    void aTokenOfTheFutureIsNone() throws Exception {
        assertRefused(
                issuer.token(
                        MAIN,
                        claims ->
                                claims.notBeforeTime(
                                        Date.from(Instant.now().plus(Duration.ofMinutes(5))))));
    }

    @Test
    void aSessionCannotBeMadeUp() throws Exception {
        SignedJWT forged =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .type(new com.nimbusds.jose.JOSEObjectType("go-cache-session+jwt"))
                                .build(),
                        new JWTClaimsSet.Builder()
                                .issuer("go-cache-server")
                                .expirationTime(
                                        Date.from(Instant.now().plus(Duration.ofMinutes(5))))
                                .claim("issuer_name", "ci")
                                .claim("issuer_uri", issuer.uri())
                                .claim("claims", MAIN)
                                .build());
        forged.sign(new MACSigner(new byte[32]));
        assertRefused(forged.serialize());
    }

    /** Found by trying 24 million names: the SHA-256 of what their namespaces are made of begins with the same 48 bits. */
    @Test
    void aBranchWhoseNameCollidesReadsAndWritesNothingOfAnother() throws Exception {
        String branch = "refs/heads/dependabot/go_modules/golang.org/x/net-";
        String one = issuer.token(Map.of("repository", "acme/app", "ref", branch + "10b3c0fb"));
        String other = issuer.token(Map.of("repository", "acme/app", "ref", branch + "11833ccc"));
        TestObject theirs = TestObject.ofSize(100);
        TestObject planted = TestObject.ofSize(100);
        assertThat(service.put(theirs.putPath(), one, theirs.bytes()).statusCode()).isEqualTo(204);
        String action = "/action/" + theirs.action();

        assertThat(service.get(action, other).statusCode()).isEqualTo(404);
        String overwriting = "/" + theirs.action() + "/" + planted.output();
        assertThat(service.put(overwriting, other, planted.bytes()).statusCode()).isEqualTo(204);

        assertThat(service.get(action, one).body()).contains(theirs.output().hex());
        assertThat(service.get(action, other).body()).contains(planted.output().hex());
    }

    @Test
    void whoeverMayOnlyReadStoresNothing() throws Exception {
        TestObject object = TestObject.ofSize(100);

        assertThat(service.put(object.putPath(), SecuredService.READ, object.bytes()).statusCode())
                .isEqualTo(403);
        assertThat(service.put(object.putPath(), null, object.bytes()).statusCode()).isEqualTo(401);

        assertThat(service.get("/action/" + object.action(), SecuredService.ADMIN).statusCode())
                .isEqualTo(404);
        assertThat(service.get("/output/" + object.output(), SecuredService.ADMIN).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aBodyOfOtherBytesIsNotStored() throws Exception {
        TestObject object = TestObject.ofSize(100);
        TestObject other = TestObject.ofSize(100);

        assertThat(service.put(object.putPath(), SecuredService.WRITE, other.bytes()).statusCode())
                .isEqualTo(422);

        assertThat(service.get("/action/" + object.action(), SecuredService.WRITE).statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//actuator/gocache",
                "/actuator//gocache",
                "/actuator;x=y/gocache",
                "/actuator/gocache;x",
                "/action/..;/actuator/gocache",
                "/action/%2e%2e/actuator/gocache",
                "/action/../actuator/gocache",
                "/actuator%2fgocache",
                "/page/..%2f..%2factuator%2fgocache",
                "/page/%2e%2e/actuator/gocache",
                "/ACTUATOR/gocache",
                "/actuator/health/liveness/../../gocache",
                "/actuator/health/liveness;/x",
                "/actuator/gocache/",
                "/status.json;a",
                "/%61ctuator/gocache",
                "/actuator/%67ocache"
            })
    void noSpellingOfAPathOpensWhatIsClosed(String path) throws Exception {
        var raw = RawRequest.get(service.port(), path);

        assertThat(raw.status()).isIn(400, 401, 404);
        assertThat(raw.text()).doesNotContain("\"disk\"").doesNotContain("\"requests\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Basic d3JpdGVyOndyaXRlLTAxMjM0NTY3ODlhYmNkZWY=",
                "Authorization: Bearer",
                "Authorization: Bearer  ",
                "Authorization: write-0123456789abcdef",
                "Authorization: Bearer write-0123456789abcdeg",
                "Authorization: Bearer WRITE-0123456789ABCDEF",
                "Authorization: Bearer write-0123456789abcdef, Bearer x",
                "Authorization: Bearer nope\r\nAuthorization: Bearer write-0123456789abcdef",
                "Authorization: Bearer write-0123456789abcdef\r\nAuthorization: Bearer nope",
                "X-Authorization: Bearer write-0123456789abcdef",
                "Cookie: access_token=write-0123456789abcdef"
            })
    void onlyOneHeaderInOneFormIsAToken(String header) throws Exception {
        var raw =
                RawRequest.get(service.port(), "/action/" + TestObject.ofSize(9).action(), header);

        assertThat(raw.status()).isEqualTo(401);
        assertThat(raw.text()).doesNotContain("write-0123456789abcdef");
    }

    @Test
    void aTokenInTheQueryIsNone() throws Exception {
        String path = "/action/" + TestObject.ofSize(9).action();
        assertThat(service.get(path + "?access_token=" + SecuredService.WRITE, null).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aSchemeIsKnownInAnyCase() throws Exception {
        var raw =
                RawRequest.get(
                        service.port(),
                        "/action/" + TestObject.ofSize(9).action(),
                        "Authorization: bearer " + SecuredService.WRITE);
        assertThat(raw.status()).isEqualTo(404);
    }

    private static void assertRefused(String token) throws Exception {
        TestObject object = TestObject.ofSize(50);
        var response = service.put(object.putPath(), token, object.bytes());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(401);
        assertThat(response.body()).doesNotContain(token);
        assertThat(service.get("/action/" + object.action(), SecuredService.ADMIN).statusCode())
                .isEqualTo(404);
    }

    private static JWTClaimsSet.Builder claims() {
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder()
                        .issuer(issuer.uri())
                        .audience(TestIssuer.AUDIENCE)
                        .subject("evil")
                        .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))));
        MAIN.forEach(claims::claim);
        return claims;
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
