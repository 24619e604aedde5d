package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.TestIssuer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Jobs with {@code id-token: write} that use the action: a service that asks who they are, and real builds. */
@EnabledOnOs(OS.LINUX)
@Needs({Program.NODE, Program.CURL, Program.GZIP, Program.TAR})
@ExtendWith(ReferenceBuild.Resolver.class)
class GitHubActionIT {

    @TempDir private Path temp;
    @AutoClose private TestIssuer issuer;
    @AutoClose private ScriptedServer gitHub;
    @AutoClose private ServiceProcess service;

    @BeforeEach
    void start() throws IOException {
        issuer = new TestIssuer();
        gitHub =
                new ScriptedServer(
                        exchange -> {
                            String token = issuer.token(Map.of("repository", "acme/app"));
                            exchange.answer(
                                    200, "{\"value\":\"%s\"}".formatted(token).getBytes(UTF_8));
                        });
        service =
                ServiceProcess.on(temp.resolve("service"))
                        .with("CACHESERVER_AUTH_ISSUERS_GITHUB_URI", issuer.uri())
                        .with("CACHESERVER_AUTH_ISSUERS_GITHUB_AUDIENCE", TestIssuer.AUDIENCE)
                        .with("CACHESERVER_AUTH_RULES_0_ISSUER", "github")
                        .with("CACHESERVER_AUTH_RULES_0_WHEN_0", "repository=acme/app")
                        .with("CACHESERVER_AUTH_RULES_0_NAMESPACE", "global")
                        .start();
    }

    @Test
    void whatOneJobCompilesTheNextOneFinds(ReferenceBuild reference) throws IOException {
        try (GitHubJob first = job("first", reference);
                GitHubJob second = job("second", reference)) {
            assertThat(build(first).compiles()).isNotEmpty();
            assertThat(build(second).compiles()).isEmpty();

            assertThat(temp.resolve("second-out")).hasSameBinaryContentAs(reference.binary());
            assertThat(gitHub.requests().getFirst().target())
                    .startsWith("/token?api-version=2.0&audience=");
            assertThat(second.summary())
                    .containsOnlyOnce("**Go build cache**")
                    .contains("- served 2 go commands: ", "; slowest: go ")
                    .doesNotContain("failed");
            ChildProcess again = second.post();
            assertThat(again.stderr()).contains("nothing to stop at ");
            assertThat(again.stdout()).isEmpty();
        }
    }

    @Test
    void aJobWhoseServiceGoesAwayIsToldSoInItsSummary(ReferenceBuild reference) throws IOException {
        try (GitHubJob job = job("job", reference)) {
            job.main(inputs());
            service.kill();
            job.step("cd \"$MODULE\" && \"$GO\" build -o \"$OUT\" .");

            assertThat(job.post().stdout())
                    .startsWith("::warning title=Go build cache::the service failed ");
            assertThat(temp.resolve("job-out")).hasSameBinaryContentAs(reference.binary());
            assertThat(job.summary()).contains("\n- the service failed ");
        }
    }

    private GoResult build(GitHubJob job) throws IOException {
        assertThat(job.main(inputs()).stdout()).isEmpty();
        ChildProcess build = job.step("cd \"$MODULE\" && \"$GO\" build -x -o \"$OUT\" .");
        job.step("cd \"$MODULE\" && \"$GO\" build ./...");
        job.step("go-cache-adapter --version");
        ChildProcess post = job.post();
        assertThat(post.stdout()).as(post.stderr()).isEmpty();
        assertThat(post.stderr()).contains("served 2 go commands: ");
        return new GoResult(build.stdout(), build.stderr());
    }

    private Map<String, String> inputs() {
        return Map.of("server", service.url(), "audience", TestIssuer.AUDIENCE);
    }

    private GitHubJob job(String name, ReferenceBuild reference) throws IOException {
        Path cache = reference.copyBaseCache(temp.resolve(name + "-cache"));
        Map<String, String> environment =
                new HashMap<>(GoClient.withNativeCache(cache).environment());
        environment.remove("CACHESERVER_RESIDENT");
        environment.put("ACTIONS_ID_TOKEN_REQUEST_URL", gitHub.url() + "/token?api-version=2.0");
        environment.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "allowance");
        environment.put("GO", Program.GO.path().toString());
        environment.put("MODULE", reference.module().directory().toString());
        environment.put("OUT", temp.resolve(name + "-out").toString());
        return new GitHubJob(temp.resolve(name), environment);
    }
}
