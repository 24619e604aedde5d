package io.gocacheserver.security;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;

import io.gocacheserver.security.tokens.Issuer;
import io.gocacheserver.testsupport.TestIssuer;
import io.gocacheserver.testsupport.TestObject;

import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tokens of OpenID Connect issuers, on good days and bad ones. */
class IssuerTest {

    private static final Map<String, Object> MAIN =
            Map.of("repository", "acme/app", "ref", "refs/heads/main");
    private static final Map<String, Object> PULL =
            Map.of("repository", "acme/app", "ref", "refs/pull/7/merge");

    @TempDir private Path directory;
    @AutoClose private TestIssuer issuer;

    @BeforeEach
    void start() throws Exception {
        issuer = new TestIssuer();
    }

    @Test
    void newKeysAreFoundWhenTheyAreFirstUsed() throws Exception {
        try (SecuredService service = new SecuredService(directory, issuer)) {
            assertThat(ask(service, issuer.token(MAIN))).isEqualTo(404);
            RSAKey old = issuer.key();
            issuer.rotate();
            assertThat(ask(service, issuer.token(MAIN))).isEqualTo(404);
            assertThat(issuer.key().getKeyID()).isNotEqualTo(old.getKeyID());
        }
    }

    @Test
    void keysThatAreKnownOutliveTheIssuersOutage() throws Exception {
        try (SecuredService service = new SecuredService(directory, issuer)) {
            assertThat(ask(service, issuer.token(MAIN))).isEqualTo(404);
            issuer.setDown(true);
            assertThat(ask(service, issuer.token(PULL))).isEqualTo(404);
        }
    }

    @Test
    void aServiceStartsWithoutItsIssuerAndFindsItLater() throws Exception {
        issuer.setDown(true);
        try (SecuredService service = new SecuredService(directory, issuer)) {
            var refused = service.get(path(), issuer.token(MAIN));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("10");
            assertThat(refused.body()).contains("cannot be checked at present");
            assertThat(ask(service, SecuredService.READ)).isEqualTo(404);

            issuer.setDown(false);
            // A failure is remembered for a few seconds.
            int status =
                    await().until(() -> ask(service, issuer.token(MAIN)), answer -> answer != 503);
            assertThat(status).isEqualTo(404);
        }
    }

    @Test
    void anIssuerThatHangsHoldsUpNobodyElse() throws Exception {
        issuer.setHanging(true);
        try (SecuredService service = new SecuredService(directory, issuer);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> stuck = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                String token = issuer.token(Map.of("repository", "acme/app", "ref", "r" + i));
                stuck.add(clients.submit(() -> ask(service, token)));
            }
            List<Callable<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(() -> ask(service, SecuredService.READ));
            }
            long start = System.nanoTime();
            for (Future<Integer> answer : clients.invokeAll(others)) {
                assertThat(answer.get()).isEqualTo(404);
            }
            assertThat(System.nanoTime() - start).isLessThan(Issuer.TIMEOUT.toNanos());
            for (Future<Integer> answer : stuck) {
                assertThat(answer.get()).isEqualTo(503);
            }
        }
    }

    @Test
    void aTokenIsExchangedForOneThatLivesLonger() throws Exception {
        try (SecuredService service =
                new SecuredService(directory, issuer, "cache-server.auth.session.lifetime=2h")) {
            var response =
                    service.post(
                            "/auth/exchange-token",
                            null,
                            "{\"jwt\":\"" + issuer.token(PULL) + "\"}");
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            JsonNode answer = JsonMapper.shared().readTree(response.body());
            assertThat(answer.get("token_type").asString()).isEqualTo("Bearer");
            assertThat(answer.get("expires_in").asInt()).isEqualTo(7200);
            String token = answer.get("access_token").asString();
            assertThat(ask(service, token)).isEqualTo(404);

            TestObject object = TestObject.ofSize(10);
            assertThat(service.put(object.putPath(), token, object.bytes()).statusCode())
                    .isEqualTo(204);
            assertThat(service.get("/status.json", token).statusCode()).isEqualTo(403);
            char last = token.charAt(token.length() - 2);
            String changed =
                    token.substring(0, token.length() - 2)
                            + (last == 'A' ? 'B' : 'A')
                            + token.charAt(token.length() - 1);
            assertThat(ask(service, changed)).isEqualTo(401);
        }
    }

    @Test
    void replicasWithOneSecretKnowEachOthersSessions(@TempDir Path other) throws Exception {
        String secret = "cache-server.auth.session.secret=0123456789abcdef0123456789abcdef";
        try (SecuredService one = new SecuredService(directory, issuer, secret);
                SecuredService two = new SecuredService(other, issuer, secret)) {
            String body = "{\"jwt\":\"" + issuer.token(MAIN) + "\"}";
            String token =
                    JsonMapper.shared()
                            .readTree(one.post("/auth/exchange-token", null, body).body())
                            .get("access_token")
                            .asString();
            assertThat(ask(two, token)).isEqualTo(404);
        }
    }

    @Test
    void whatIsNoTokenIsNotExchanged() throws Exception {
        try (SecuredService service = new SecuredService(directory, issuer)) {
            String path = "/auth/exchange-token";
            assertThat(service.post(path, null, "{\"jwt\":\"x\"}").statusCode()).isEqualTo(401);
            assertThat(service.post(path, null, "[]").statusCode()).isEqualTo(400);
            assertThat(service.post(path, null, "{\"jwt\":7}").statusCode()).isIn(400, 401);
            assertThat(
                            service.post(
                                            path,
                                            null,
                                            "{\"jwt\":\""
                                                    + issuer.token(Map.of("repository", "evil/x"))
                                                    + "\"}")
                                    .statusCode())
                    .isEqualTo(403);
            assertThat(
                            service.post(path, null, "{\"jwt\":\"" + SecuredService.WRITE + "\"}")
                                    .statusCode())
                    .isEqualTo(401);
        }
    }

    /** Another program's idea of an issuer than ours. */
    @Test
    void aMockOfARealIssuerIsUnderstood() throws Exception {
        MockOAuth2Server server = new MockOAuth2Server();
        server.start();
        String uri = server.issuerUrl("github").toString();
        String other = server.issuerUrl("other").toString();
        try (SecuredService service =
                new SecuredService(
                        directory,
                        issuer,
                        "cache-server.auth.issuers.mock.uri=" + uri,
                        "cache-server.auth.issuers.mock.audience[0]=nobody",
                        "cache-server.auth.issuers.mock.audience[1]=cache",
                        "cache-server.auth.rules[2].issuer=mock",
                        "cache-server.auth.rules[2].when=groups=builders",
                        "cache-server.auth.rules[2].namespace=mock")) {
            assertThat(ask(service, mocked(server, "github", "cache", "builders"))).isEqualTo(404);
            assertThat(ask(service, mocked(server, "github", "cash", "builders"))).isEqualTo(401);
            assertThat(ask(service, mocked(server, "github", "cache", "others"))).isEqualTo(403);
            assertThat(other).isNotEqualTo(uri);
            assertThat(ask(service, mocked(server, "other", "cache", "builders"))).isEqualTo(401);
        } finally {
            server.shutdown();
        }
    }

    private static String mocked(
            MockOAuth2Server server, String issuer, String audience, String group) {
        return server.issueToken(
                        issuer,
                        "client",
                        new DefaultOAuth2TokenCallback(
                                issuer,
                                "subject",
                                "JWT",
                                List.of(audience),
                                Map.of("groups", List.of("people", group)),
                                600))
                .serialize();
    }

    private static int ask(SecuredService service, String token) throws Exception {
        return service.get(path(), token).statusCode();
    }

    private static String path() {
        return "/action/" + TestObject.ofSize(1).action();
    }
}
