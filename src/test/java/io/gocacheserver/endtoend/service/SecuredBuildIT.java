package io.gocacheserver.endtoend.service;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.TestIssuer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Real builds with a service that asks who they are. */
@ExtendWith(ReferenceBuild.Resolver.class)
class SecuredBuildIT {

    private static final String READ = "read-0123456789abcdef";
    private static final String WRITE = "write-0123456789abcdef";
    private static final String OLD = "old-0123456789abcdef";
    private static final String NEW = "new-0123456789abcdef";

    @AutoClose private static TestIssuer issuer;
    private static Path secrets;
    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        issuer = new TestIssuer();
        secrets = Files.writeString(directory.resolve("secrets"), OLD);
        service =
                ServiceProcess.on(directory.resolve("service"))
                        .with(
                                Map.ofEntries(
                                        Map.entry("CACHESERVER_AUTH_TOKENS_0_NAME", "reader"),
                                        Map.entry("CACHESERVER_AUTH_TOKENS_0_SECRET", READ),
                                        Map.entry("CACHESERVER_AUTH_TOKENS_1_NAME", "writer"),
                                        Map.entry("CACHESERVER_AUTH_TOKENS_1_SECRET", WRITE),
                                        Map.entry("CACHESERVER_AUTH_TOKENS_1_ACCESS", "read-write"),
                                        Map.entry("CACHESERVER_AUTH_TOKENS_2_NAME", "rotated"),
                                        Map.entry(
                                                "CACHESERVER_AUTH_TOKENS_2_SECRETFILE",
                                                secrets.toString()),
                                        Map.entry("CACHESERVER_AUTH_TOKENS_2_ACCESS", "read-write"),
                                        Map.entry("CACHESERVER_AUTH_ISSUERS_CI_URI", issuer.uri()),
                                        Map.entry(
                                                "CACHESERVER_AUTH_ISSUERS_CI_AUDIENCE",
                                                TestIssuer.AUDIENCE),
                                        Map.entry("CACHESERVER_AUTH_RULES_0_ISSUER", "ci"),
                                        Map.entry("CACHESERVER_AUTH_RULES_0_WHEN_0", "ref=main"),
                                        Map.entry("CACHESERVER_AUTH_RULES_0_NAMESPACE", "global"),
                                        Map.entry("CACHESERVER_AUTH_RULES_1_ISSUER", "ci"),
                                        Map.entry("CACHESERVER_AUTH_RULES_1_WHEN_0", "ref=pull/*"),
                                        Map.entry(
                                                "CACHESERVER_AUTH_RULES_1_NAMESPACE", "pr-{ref}")))
                        .start();
    }

    @Test
    void aPullRequestUsesWhatMainHasBuiltAndMainDoesNotUseTheirs(ReferenceBuild reference)
            throws IOException {
        // The pull request's build first: what it puts is what a poisoner would have.
        GoResult pull =
                client(reference, "pull", "ref", "pull/7").build(reference.module(), out("1"));
        assertThat(pull.compiles()).isNotEmpty();
        GoResult again =
                client(reference, "pull-again", "ref", "pull/7")
                        .build(reference.module(), out("2"));
        assertThat(again.compiles()).isEmpty();

        GoResult other =
                client(reference, "other", "ref", "pull/8").build(reference.module(), out("3"));
        assertThat(other.compiles()).isNotEmpty();
        GoResult main =
                client(reference, "main", "ref", "main").build(reference.module(), out("4"));
        assertThat(main.compiles()).hasSameSizeAs(pull.compiles());

        GoResult third =
                client(reference, "third", "ref", "pull/9").build(reference.module(), out("5"));
        assertThat(third.compiles()).isEmpty();
        assertThat(out("5")).hasSameBinaryContentAs(reference.binary());
    }

    @Test
    @Needs(Program.GO_CACHER)
    void goCacherBuildsWithAJwtAndWithWhatItIsExchangedFor() throws Exception {
        String jwt = issuer.token(Map.of("ref", "main"));
        GoClient first =
                GoClient.withGoCacher(
                        service.url(), temp.resolve("first-cache"), "--access-token=" + jwt);
        TestModule module = TestModule.empty(temp.resolve("module"), "example.test/little");
        module.write("little.go", "package little\n");
        assertThat(first.run(module, "build", "-x", ".").compiles()).isNotEmpty();

        GoClient second =
                GoClient.withGoCacher(
                        service.url(),
                        temp.resolve("second-cache"),
                        "--access-token=" + exchanged(jwt));
        assertThat(second.run(module, "build", "-x", ".").compiles()).isEmpty();
    }

    @Test
    void aBuildWithoutATokenIsToldSoOnceAndGoesOn(ReferenceBuild reference) throws IOException {
        GoResult result =
                GoClient.withAdapter(
                                service.url(), reference.copyDependencyCache(temp.resolve("none")))
                        .build(reference.module(), out("none"));

        assertThat(out("none")).hasSameBinaryContentAs(reference.binary());
        assertThat(result.stderr().lines().filter(line -> line.startsWith("go-cache-adapter:")))
                .singleElement()
                .asString()
                .contains("401")
                .contains("it wants a token");
    }

    @Test
    void aTokenThatMayOnlyReadGetsWhatIsThere(ReferenceBuild reference) throws IOException {
        TestModule module = TestModule.tiny(temp.resolve("module"), "example.test/read");
        GoClient.withAdapter(service.url(), reference.copyNativeCache(temp.resolve("writer")))
                .with("CACHESERVER_TOKEN", WRITE)
                .build(module, out("written"));

        GoResult result =
                GoClient.withAdapter(service.url(), temp.resolve("reader"))
                        .with("CACHESERVER_TOKEN", READ)
                        .build(module, out("read"));

        assertThat(result.compiles()).isEmpty();
        assertThat(result.stderr()).doesNotContain("go-cache-adapter:");
    }

    @Test
    void aTokenThatMayOnlyReadIsNoFailureOfABuildThatMakesSomething(ReferenceBuild reference)
            throws IOException {
        TestModule module = TestModule.tiny(temp.resolve("module"), "example.test/made");
        GoResult result =
                GoClient.withAdapter(
                                service.url(), reference.copyNativeCache(temp.resolve("maker")))
                        .with("CACHESERVER_TOKEN", READ)
                        .build(module, out("made"));

        assertThat(result.compiles()).isNotEmpty();
        assertThat(result.stderr()).doesNotContain("go-cache-adapter:");
    }

    @Test
    void secretsTakeEachOthersPlaceWithoutAGap(ReferenceBuild reference) throws Exception {
        TestModule module = TestModule.tiny(temp.resolve("module"), "example.test/rotated");
        Path token = Files.writeString(temp.resolve("token"), OLD);
        Path cache = reference.copyNativeCache(temp.resolve("rotated"));
        GoClient client = GoClient.withAdapter(service.url(), cache, "--token-file=" + token);
        assertThat(client.build(module, out("a")).stderr()).doesNotContain("go-cache-adapter:");

        Files.writeString(secrets, OLD + "\n" + NEW + "\n");
        await().until(() -> status(NEW) == 404);
        assertThat(status(OLD)).isEqualTo(404);
        Files.writeString(token, NEW);
        Files.writeString(secrets, NEW);
        await().until(() -> status(OLD) == 401);

        GoClient later =
                GoClient.withAdapter(service.url(), temp.resolve("later"), "--token-file=" + token);
        GoResult result = later.build(module, out("b"));
        assertThat(result.compiles()).isEmpty();
        assertThat(result.stderr()).doesNotContain("go-cache-adapter:");
    }

    private GoClient client(ReferenceBuild reference, String name, String claim, String value)
            throws IOException {
        Path cache = reference.copyDependencyCache(temp.resolve(name + "-cache"));
        return GoClient.withAdapter(service.url(), cache)
                .with("CACHESERVER_TOKEN", issuer.token(Map.of(claim, value)));
    }

    private Path out(String name) {
        return temp.resolve("out-" + name);
    }

    private String exchanged(String jwt) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(service.url() + "/auth/exchange-token"))
                        .POST(BodyPublishers.ofString("{\"jwt\":\"" + jwt + "\"}"))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JsonMapper.shared().readTree(answer.body()).get("access_token").asString();
        }
    }

    private int status(String token) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(service.url() + "/action/abcd"))
                        .header("Authorization", "Bearer " + token)
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }
}
