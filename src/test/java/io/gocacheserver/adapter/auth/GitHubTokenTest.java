package io.gocacheserver.adapter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.auth.Credential.Token;
import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;
import io.gocacheserver.testsupport.ScriptedServer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

class GitHubTokenTest {

    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final AtomicLong now = new AtomicLong(1_000_000_000_000L);

    @Test
    void isAskedForWithTheAudienceAndTheJobsOwnToken() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> answer(exchange, "{\"count\":1,\"value\": \"a.b.c\"}"))) {
            GitHubToken source = source(server);
            assertThat(source.token(LIMIT)).isEqualTo(new Token("a.b.c"));
            assertThat(server.heads().getFirst())
                    .startsWith(
                            "GET /idtoken?api-version=2.0&audience=https%3A%2F%2Fcache.example.com HTTP/1.1\r\n")
                    .contains("\r\nAuthorization: Bearer allowance\r\n");
        }
    }

    @Test
    void isAskedForOnceUntilAMinuteBeforeItExpires() throws IOException {
        try (ScriptedServer server = issuing()) {
            GitHubToken source = source(server);
            Token first = source.token(LIMIT);
            assertThat(first).isNotNull();
            now.addAndGet(Duration.ofMinutes(4).toMillis() - 1);
            assertThat(source.token(LIMIT)).isEqualTo(first);
            now.addAndGet(1);
            assertThat(source.token(LIMIT)).isNotNull().isNotEqualTo(first);
            assertThat(server.heads()).hasSize(2);
        }
    }

    @Test
    void isNoneAndSaysWhatTheJobNeedsIfGitHubRefuses() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange ->
                                exchange.send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"))) {
            GitHubToken source = source(server);
            assertThat(source.token(LIMIT)).isNull();
            assertThat(source.problem())
                    .contains("403")
                    .contains("id-token: write")
                    .doesNotContain("allowance");
            assertThat(source.token(LIMIT)).isNull();
            assertThat(server.heads()).as("not asked with every request").hasSize(1);
            now.addAndGet(30_000);
            source.token(LIMIT);
            assertThat(server.heads()).hasSize(2);
        }
    }

    @Test
    void isNotWaitedForLongerThanTheRequestMayTake() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> {
                            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
                            while (true) {
                                exchange.send(" ");
                                exchange.pause(20);
                            }
                        })) {
            GitHubToken source = source(server);
            long start = System.nanoTime();
            assertThat(source.token(Duration.ofMillis(200))).isNull();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
            assertThat(source.problem()).contains("took too long");
        }
    }

    @Test
    void isNoneIfItHasExpiredAlreadyAndIsNotAskedForWithEveryRequest() throws IOException {
        String token = "e30." + base64("{\"exp\":1}") + ".c2ln";
        try (ScriptedServer server =
                new ScriptedServer(exchange -> answer(exchange, "{\"value\":\"" + token + "\"}"))) {
            GitHubToken source = source(server);
            assertThat(source.token(LIMIT)).isNull();
            assertThat(source.problem()).contains("clock");
            assertThat(source.token(LIMIT)).isNull();
            assertThat(server.heads()).hasSize(1);
        }
    }

    @Test
    void isRenewedOnceWhenTheServiceRefusesIt() throws IOException {
        try (ScriptedServer github = issuing();
                ScriptedServer service =
                        new ScriptedServer(
                                exchange ->
                                        exchange.send(
                                                exchange.number() == 1
                                                        ? "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"
                                                        : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))) {
            Credentials credentials = source(github);
            try (HttpClient client =
                            new HttpClient(
                                    ServiceUrl.parse(service.url()),
                                    Route.DIRECT,
                                    TIMEOUTS,
                                    2,
                                    credentials,
                                    System::nanoTime);
                    HttpResponse response =
                            client.send(HttpRequest.get("/action/abcd", new Headers()))) {
                assertThat(response.status()).isEqualTo(200);
            }
            assertThat(service.heads()).hasSize(2);
            assertThat(authorization(service, 0)).isNotEqualTo(authorization(service, 1));
        }
    }

    private static String authorization(ScriptedServer server, int request) {
        return server.heads()
                .get(request)
                .lines()
                .filter(line -> line.startsWith("Authorization: Bearer "))
                .findFirst()
                .orElseThrow();
    }

    /** Issues tokens that differ and live for five minutes. */
    private ScriptedServer issuing() throws IOException {
        return new ScriptedServer(
                exchange -> {
                    long expires = now.get() / 1000 + 300;
                    String claims =
                            "{\"jti\":\"" + exchange.number() + "\",\"exp\":" + expires + "}";
                    String token = "e30." + base64(claims) + ".c2ln";
                    answer(exchange, "{\"value\":\"" + token + "\"}");
                });
    }

    private static String base64(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void answer(ScriptedServer.Exchange exchange, String json) throws IOException {
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + json.length() + "\r\n\r\n" + json);
    }

    private GitHubToken source(ScriptedServer server) {
        Credential.GitHub job =
                Credential.GitHub.of(
                        server.url() + "/idtoken?api-version=2.0",
                        "allowance",
                        "https://cache.example.com",
                        Map.of());
        return new GitHubToken(job, TIMEOUTS, TlsFiles.NONE, now::get);
    }
}
