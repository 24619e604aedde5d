package io.gocacheserver.security;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.TestIssuer;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.FilterAnswer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/** {@code /filter} says of no action that the token may not read whether it is there, and counts as any read. */
class FilterScopeTest {

    private static final String LIMITED = "limited-0123456789abcdef";

    @TempDir private static Path directory;
    @AutoClose private static TestIssuer issuer;
    @AutoClose private static SecuredService service;
    @AutoClose private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        client = HttpClient.newHttpClient();
        issuer = new TestIssuer();
        service =
                new SecuredService(
                        directory,
                        issuer,
                        "cache-server.auth.tokens[5].name=limited",
                        "cache-server.auth.tokens[5].secret=" + LIMITED,
                        "cache-server.auth.tokens[5].access=read",
                        "cache-server.auth.tokens[5].namespace=global",
                        "cache-server.auth.tokens[5].limits.requests-per-second=1");
    }

    @Test
    void eachTokenLearnsOfTheNamespacesThatItReads() throws Exception {
        TestObject team = TestObject.ofSize(100);
        TestObject global = TestObject.ofSize(101);
        service.put(team.putPath(), SecuredService.TEAM, team.bytes());
        service.put(global.putPath(), SecuredService.WRITE, global.bytes());
        await().until(
                        () ->
                                filter(SecuredService.TEAM).complete()
                                        && filter(SecuredService.READ).complete());

        assertThat(filter(SecuredService.TEAM).lacks(team.action())).isFalse();
        assertThat(filter(SecuredService.TEAM).lacks(global.action())).isFalse();
        assertThat(filter(SecuredService.READ).lacks(team.action())).isTrue();
        assertThat(filter(SecuredService.READ).lacks(global.action())).isFalse();
    }

    @Test
    void aFilterIsChargedLikeAnyOtherRead() throws Exception {
        assertThat(send(LIMITED).statusCode()).isEqualTo(200);

        await().until(() -> send(LIMITED).statusCode() == 429);
    }

    private static FilterAnswer filter(String token) throws Exception {
        return FilterAnswer.decode(send(token).body());
    }

    private static HttpResponse<byte[]> send(String token) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + service.port() + "/filter");
        return client.send(
                HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build(),
                BodyHandlers.ofByteArray());
    }
}
