package io.gocacheserver.adapter.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class GoBuildTest {

    @TempDir private Path directory;
    private Path module = Path.of("");

    @BeforeEach
    void makeModule() throws IOException {
        module = Files.createDirectories(directory.resolve("m/a"));
        Files.writeString(directory.resolve("m/go.mod"), "module example.com/app\n");
    }

    @Test
    void saysWhatIsBuiltWhereAndWithWhat() throws IOException {
        git(directory.resolve("m/.git"), "ref: refs/heads/fix/1");

        JsonNode facts =
                facts(
                        "go build -race .",
                        Map.of("GOOS", "linux", "CI_REPO", "a/b", "SECRET", "x"),
                        "shard 1");

        assertThat(facts)
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"module": "example.com/app", "root": "%s", "directory": "%s",
                                         "command": ["go", "build", "-race", "."],
                                         "variables": {"GOOS": "linux", "CI_REPO": "a/b"},
                                         "origin": "git@host:acme/app.git", "branch": "fix/1",
                                         "defaultBranch": "trunk", "profile": "shard 1"}"""
                                                .formatted(directory.resolve("m"), module)));
    }

    @Test
    void knowsTheBranchOfAWorkingTreeOfItsOwn() throws IOException {
        Path git = directory.resolve("main/.git");
        git(git, "ref: refs/heads/main");
        Path own = Files.createDirectories(git.resolve("worktrees/fix"));
        Files.writeString(own.resolve("HEAD"), "ref: refs/heads/fix\n");
        Files.writeString(own.resolve("commondir"), "../..\n");
        Files.writeString(directory.resolve("m/.git"), "gitdir: " + own + "\n");

        JsonNode facts = facts("go build .", Map.of(), null);

        assertThat(facts.get("branch").stringValue()).isEqualTo("fix");
        assertThat(facts.get("defaultBranch").stringValue()).isEqualTo("trunk");
    }

    @ParameterizedTest
    @CsvSource({"1a2b3c4d5e6f", "ref: refs/heads/.invalid", "''"})
    void knowsNoBranchWhereThereIsNone(String head) throws IOException {
        git(directory.resolve("m/.git"), head);

        assertThat(facts("go build .", Map.of(), null).has("branch")).isFalse();
    }

    @Test
    void knowsGitHubsDefaultBranchFromTheEvent() throws IOException {
        Path event = directory.resolve("event.json");
        Map<String, String> variables = Map.of("GITHUB_EVENT_PATH", event.toString());
        assertThat(facts("go build .", variables, null).has("defaultBranch")).isFalse();

        Files.writeString(event, "{\"default_branch\"");
        assertThat(facts("go build .", variables, null).has("defaultBranch")).isFalse();

        Files.writeString(
                event, "{\"repository\": {\"default_branch\": \"main\", \"id\": 1}, \"a\": \"b\"}");
        git(directory.resolve("m/.git"), "ref: refs/heads/fix");
        assertThat(facts("go build .", variables, null).get("defaultBranch").stringValue())
                .isEqualTo("main");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GIT_URL | https://user:secret@host/a/b | https://host/a/b",
                "GIT_URL | https://host/a@b             | https://host/a@b",
                "GIT_URL | git@host:a/b                 | git@host:a/b",
                "GOFLAGS | -race '-ldflags=-s secret' -tags=x \"-x=a b\" | -race -tags=x \"-x=a b\""
            })
    void keepsSecretsToItself(String variable, String value, String told) {
        assertThat(
                        facts("go build .", Map.of(variable, value), null)
                                .get("variables")
                                .get(variable)
                                .stringValue())
                .isEqualTo(told);
    }

    @Test
    void hasNothingToSayOfAStranger() {
        GoInvocation stranger = new GoInvocation("", List.of(), Map.of());

        assertThat(new GoBuild(stranger, Map.of(), null).facts()).isNull();
        assertThat(new GoBuild(stranger, Map.of(), "mine").facts()).isNotNull();
    }

    private JsonNode facts(String line, Map<String, String> variables, @Nullable String profile) {
        GoInvocation invocation =
                new GoInvocation(
                        module.toString(), List.of(line.split(" ")), new HashMap<>(variables));
        String facts = new GoBuild(invocation, Map.of(), profile).facts();
        return JsonMapper.shared().readTree(Objects.requireNonNull(facts));
    }

    private static void git(Path git, String head) throws IOException {
        Files.createDirectories(git.resolve("refs/remotes/origin"));
        Files.writeString(git.resolve("HEAD"), head + "\n");
        Files.writeString(
                git.resolve("refs/remotes/origin/HEAD"), "ref: refs/remotes/origin/trunk\n");
        Files.writeString(
                git.resolve("config"),
                """
                [core]
                	bare = false
                [remote "origin"]
                	url = git@host:acme/app.git
                [remote "other"]
                	url = git@host:x/y.git
                """);
    }
}
