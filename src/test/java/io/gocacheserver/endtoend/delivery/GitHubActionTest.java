package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.ScriptedServer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The action's scripts, with a made-up service and adapter. */
@EnabledOnOs(OS.LINUX)
@Needs({Program.NODE, Program.CURL})
class GitHubActionTest {

    /** Installs an adapter that notes how it is called. */
    private static final String INSTALLER =
            """
            #!/bin/sh
            main() {
                mkdir -p "$2/1/bin"
                ln -s 1 "$2/current"
                cat >"$2/1/bin/go-cache-adapter" <<'END'
            #!/bin/sh
            echo "$* token=$CACHESERVER_TOKEN" >>"$CALLS"
            [ "$2" != start ] || echo "GOCACHEPROG=$0" >>"$GITHUB_ENV"
            exit ${ADAPTER_EXIT:-0}
            END
                chmod +x "$2/1/bin/go-cache-adapter"
                echo "$2/1/bin" >>"$GITHUB_PATH"
                echo "go env -w GOCACHEPROG=..."
            }
            main "$@"
            """;

    @TempDir private Path temp;
    private int status = 200;
    private String answer = INSTALLER;
    @AutoClose private ScriptedServer service;
    @AutoClose private GitHubJob job;

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedServer(exchange -> exchange.answer(status, answer.getBytes(UTF_8)));
        job = new GitHubJob(temp.resolve("job"), Map.of("CALLS", temp.resolve("calls").toString()));
    }

    @Test
    void startsTheAdapterAndStopsItWhateverElseTheJobHasSet() throws IOException {
        assertThat(
                        job.main(
                                        Map.of(
                                                "server", " " + service.url() + "/ ",
                                                "audience", "https://a.example",
                                                "token", "secret"))
                                .stdout())
                .isEmpty();
        assertThat(service.requests().getFirst().target()).isEqualTo("/adapter/install.sh");
        job.step("go-cache-adapter from its PATH");
        job.step("echo CACHESERVER_SOCKET=another >>\"$GITHUB_ENV\"");
        assertThat(job.post().stdout()).isEmpty();

        String socket = temp.resolve("job/RUNNER_TEMP/gca") + "\\w{6}/socket";
        assertThat(Files.readString(temp.resolve("calls")))
                .matches(
                        """
                        ci start --socket %s --server %s --oidc-audience https://a.example token=secret
                        from its PATH token=
                        ci stop --socket %s token=
                        """
                                .formatted(socket, service.url(), socket));
        assertThat(job.variables().getFirst())
                .isEqualTo(
                        "GOCACHEPROG=%s/job/RUNNER_TOOL_CACHE/go-cache-adapter/1/bin/go-cache-adapter",
                        temp.toRealPath());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    404 | Not found                 | answers 404; is `server` the base URL of the service
                    503 | Busy                      | answers 503; see the log of the service
                    200 | <html>                    | is no installer; is `server` the base URL of a go-cache-server?
                    200 | #!/bin/sh\\nmain() {       | is no installer
                    200 | #!/bin/sh\\nexit 1\\nmain "$@" | the adapter could not be installed (1)
                    """)
    void goesOnWithoutAServiceThatHasNoAdapter(int code, String body, String why)
            throws IOException {
        status = code;
        answer = body.replace("\\n", "\n");
        goesOn(service.url(), why);
    }

    @Test
    void goesOnWithoutAServiceThatIsAwayOrNotNamed() throws IOException {
        goesOn(
                "http://127.0.0.1:" + Ports.free(),
                "cannot be fetched (curl: 7); is the service up");
    }

    @ParameterizedTest
    @CsvSource({"'', the input `server` is empty", "cache:8080, which is no URL"})
    void goesOnWithoutAUrl(String server, String why) throws IOException {
        goesOn(server, why);
    }

    @Test
    void goesOnWithoutAnAdapterThatDoesNotStart() throws IOException {
        job.step("echo ADAPTER_EXIT=1 >>\"$GITHUB_ENV\"");

        assertThat(job.main(Map.of("server", service.url())).stdout())
                .contains("this job builds without the cache: the adapter did not start (1)");
        assertThat(job.post().stdout()).isEmpty();
    }

    @Test
    void aBadEndIsAWarning() throws IOException {
        job.main(Map.of("server", service.url()));
        job.step("echo ADAPTER_EXIT=3 >>\"$GITHUB_ENV\"");

        assertThat(job.post().stdout())
                .startsWith("::warning title=Go build cache::the adapter did not end well (3)");
    }

    @Test
    void itsScriptsAreThereAndTheSecondOneAlwaysRuns() throws IOException {
        Map<String, Map<String, String>> action =
                new Yaml().load(Files.readString(Path.of("action/action.yml")));

        assertThat(action.get("runs"))
                .isEqualTo(
                        Map.of(
                                "using", "node24",
                                "main", "main.js",
                                "post", "post.js",
                                "post-if", "always()"));
        assertThat(action.get("inputs")).containsOnlyKeys("server", "audience", "token");
    }

    private void goesOn(String server, String why) throws IOException {
        assertThat(job.main(Map.of("server", server)).stdout().lines())
                .singleElement()
                .asString()
                .startsWith("::warning title=Go build cache::this job builds without the cache: ")
                .contains(why);
        assertThat(job.summary())
                .startsWith("\n> **Go build cache**: this job builds without the cache: ")
                .contains(why);
        assertThat(job.variables()).isEmpty();
        assertThat(job.post().stdout()).isEmpty();
    }
}
