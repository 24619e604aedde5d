package io.gocacheserver.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.profile.ProfileKeys.ProfileKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class ProfileKeysTest {

    private static final String FIX = "GITHUB_REPOSITORY=a/b GITHUB_REF=refs/heads/fix";
    private static final String PULL =
            "GITHUB_REPOSITORY=a/b GITHUB_HEAD_REF=fix GITHUB_BASE_REF=main";
    private static final String MAIN = "GITHUB_REPOSITORY=a/b GITHUB_REF=refs/heads/main";

    private static final String TOOLCHAIN =
            "GOVERSION=go1.26.1 GOOS=linux GOARCH=amd64 CGO_ENABLED=1 CC=gcc";
    private static final String MODULE = "/src/m";

    @Test
    void areReadable() {
        List<String> keys = texts(keys("go test ./...", PULL).read());

        assertThat(keys.getFirst())
                .matches("example.com/app:go1.26.1:linux-amd64:test:fix:[0-9a-f]{16}");
        assertThat(keys.get(1)).contains(":test:main:");
        assertThat(keys.get(2)).contains(":test:any:");
        assertThat(keys.get(3)).contains(":test-any:any:");
        assertThat(keys.get(4)).contains("example.com/app:").contains(":any:any:");
        assertThat(keys.getLast())
                .matches("any:go1.26.1:linux-amd64:any:any:[0-9a-f]{16}")
                .isEqualTo(anyModule(keys("go vet .", MAIN)));
    }

    @Test
    void areTheSameForTheSameBuild() {
        assertThat(keys("go test -run X ./a ./b", FIX))
                .isEqualTo(keys("/usr/bin/go test -count=1 ./b ./a -v", FIX + " FOO=1"));
        assertThat(keys("go build -race .", FIX))
                .isEqualTo(keys("go build .", FIX + " GOFLAGS=-race"));
        assertThat(keys("go build -ldflags=-X=a.commit=1 .", FIX))
                .isEqualTo(keys("go build -ldflags=-X=a.commit=2 .", FIX));
    }

    @Test
    void findABuildOfTheTargetBeforeThoseOfOthers() {
        ProfileKeys main = keys("go test ./...", MAIN);
        ProfileKeys pull = keys("go test ./...", PULL);

        assertThat(pull.read().get(1)).isEqualTo(main.write().getFirst());
        assertThat(pull.read().getFirst()).isEqualTo(keys("go test ./...", FIX).write().getFirst());
    }

    @Test
    void findTheWholeForAPart() {
        List<ProfileKey> known = keys("go test ./...", MAIN).write();
        String found = firstOf(keys("go test -run X ./a", FIX), known);

        assertThat(found).contains(":test-any:any:");
        assertThat(firstOf(keys("go test ./...", FIX), known)).contains(":test:any:");
        assertThat(firstOf(keys("go vet ./...", FIX), known)).contains(":any:any:");
    }

    @Test
    void findAnotherDirectorysBuildBeforeThatOfAnotherModule() {
        List<ProfileKey> known = keys("go test ./...", MAIN).write();
        ProfileKeys elsewhere = keys("/src/other", "go test ./...", MAIN, null);

        assertThat(firstOf(elsewhere, known))
                .startsWith("example.com/app:")
                .isEqualTo(elsewhere.read().get(elsewhere.read().size() - 2).text());
        assertThat(elsewhere.read()).containsOnlyOnce(known.getLast());
    }

    @Test
    void areTheSameInEveryDirectoryWithTrimpath() {
        ProfileKeys one = keys(MODULE, "go build -trimpath ./...", MAIN, null);
        ProfileKeys other = keys("/src/other", "go build ./...", MAIN + " GOFLAGS=-trimpath", null);

        assertThat(one).isEqualTo(other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GOVERSION=go1.26.2",
                "GOOS=darwin",
                "GOARCH=arm64",
                "GOAMD64=v3",
                "GOEXPERIMENT=x",
                "GOFIPS140=latest",
                "CGO_ENABLED=0",
                "CC=clang",
                "CGO_CFLAGS=-O2",
                "GOFLAGS=-race"
            })
    void haveNothingInCommonIfAllObjectsAreOthers(String variable) {
        assertThat(keys("go build .", MAIN + ' ' + variable).read())
                .doesNotContainAnyElementsOf(keys("go build .", MAIN).write());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "go build -tags x ./a",
                "go build ./b",
                "go build -cover ./a",
                "go install ./a"
            })
    void haveAllOfTheModuleInCommonIfSomeObjectsAreOthers(String line) {
        ProfileKeys other = keys(line, MAIN);
        List<ProfileKey> known = keys("go build ./a", MAIN).write();

        assertThat(other.read().getFirst()).isNotEqualTo(known.getFirst());
        assertThat(firstOf(other, known)).contains("any:any:");
    }

    @Test
    void areApartForWhatTheUserTellsApart() {
        ProfileKeys one = keys(MODULE, "go test ./...", MAIN, "shard 1");
        ProfileKeys other = keys(MODULE, "go test ./...", MAIN, "shard 2");

        assertThat(one.read().getFirst()).isNotEqualTo(other.read().getFirst());
        assertThat(firstOf(one, other.write())).contains(":any:any:");
        assertThat(keys(MODULE, "go test ./...", MAIN, "shard 1")).isEqualTo(one);
    }

    @Test
    void areThoseOfAnyBranchIfThereIsNone() {
        ProfileKeys keys = keys("go test ./...", "");

        assertThat(keys.read()).isEqualTo(keys.write()).hasSize(5);
        assertThat(keys.read().getFirst().text()).contains(":test:any:");
    }

    @Test
    void areOfTheDirectoryThatTheCommandRunsIn() {
        ProfileKeys sub = keys("/src/m", "/src/m/sub", "go -C sub build .", MAIN, null);

        assertThat(sub).isEqualTo(keys("/src/m", "/src/m/sub", "go build .", MAIN, null));
        assertThat(sub.read().getFirst()).isNotEqualTo(keys("go build .", MAIN).read().getFirst());
        assertThat(firstOf(sub, keys("go build .", MAIN).write())).contains(":build-any:any:");
    }

    @Test
    void areOfTheCommandAndTheToolchainWithoutAModule() {
        ProfileKeys keys =
                ProfileKeys.of(facts("", "", "/src", "go run x.go", environment(TOOLCHAIN), null));

        assertThat(texts(keys.read()))
                .hasSize(3)
                .first()
                .asString()
                .startsWith("no-module:go1.26.1:");
    }

    @Test
    void areTheSameWhetherGoEnvOrAHelperTellsWhatNobodyHasSet() {
        assertThat(keys("go build .", MAIN))
                .isEqualTo(
                        ProfileKeys.of(
                                facts(
                                        "example.com/app",
                                        MODULE,
                                        MODULE,
                                        "go build .",
                                        environmentWithDefaults(),
                                        null)));
    }

    private static Map<String, String> environmentWithDefaults() {
        Map<String, String> environment = environment(TOOLCHAIN + ' ' + MAIN);
        environment.put("CGO_CFLAGS", "-O2 -g");
        environment.put("CGO_LDFLAGS", "-O2 -g");
        return environment;
    }

    @ParameterizedTest
    @ValueSource(strings = {"go env GOCACHE", "go version", "go clean -cache"})
    void areNoneOfACommandThatBuildsNothing(String line) {
        assertThat(keys(line, MAIN).read()).isEmpty();
        assertThat(keys(line, MAIN).write()).isEmpty();
    }

    @Test
    void areNoneForAStranger() {
        BuildFacts stranger = facts("", "", "", null, Map.of("HOME", "/x"), null);
        BuildFacts named = facts("", "", "", null, Map.of(), "mine");

        assertThat(ProfileKeys.of(stranger).read()).isEmpty();
        assertThat(ProfileKeys.of(stranger).write()).isEmpty();
        assertThat(ProfileKeys.of(named).read()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com/a b?c&d=é+%, ü/ #1, devel go1.27-1a2b X:foo",
        "example.com/LONG, feature/LONG, goLONG"
    })
    void areShortAndReadable(String name, String branch, String version) {
        String filler = "x".repeat(300);
        Map<String, String> environment = environment("GOOS=linux GOARCH=amd64");
        environment.put("GITHUB_REPOSITORY", "a/b");
        environment.put("GITHUB_HEAD_REF", branch.replace("LONG", filler));
        environment.put("GITHUB_BASE_REF", "main" + branch.replace("LONG", filler));
        environment.put("GOVERSION", version.replace("LONG", filler));
        ProfileKeys keys =
                ProfileKeys.of(
                        facts(
                                name.replace("LONG", filler),
                                MODULE,
                                MODULE,
                                "go tool " + filler,
                                environment,
                                filler));

        assertThat(keys.read()).hasSizeBetween(1, 8).doesNotHaveDuplicates();
        assertThat(keys.write()).hasSizeBetween(1, 8).doesNotHaveDuplicates();
        for (ProfileKey key : keys.read()) {
            assertThat(key.text()).matches("[A-Za-z0-9._~/:@-]+").hasSizeLessThanOrEqualTo(230);
        }
        assertThat(keys.read()).containsAll(keys.write());
    }

    private static String firstOf(ProfileKeys keys, List<ProfileKey> known) {
        for (ProfileKey key : keys.read()) {
            if (known.contains(key)) {
                return key.text();
            }
        }
        return "none";
    }

    private static ProfileKeys keys(String line, String variables) {
        return keys(MODULE, line, variables, null);
    }

    private static ProfileKeys keys(
            String root, String line, String variables, @Nullable String userProfile) {
        return keys(root, root, line, variables, userProfile);
    }

    private static ProfileKeys keys(
            String root,
            String directory,
            String line,
            String variables,
            @Nullable String userProfile) {
        Map<String, String> environment = environment(TOOLCHAIN);
        environment.putAll(environment(variables));
        return ProfileKeys.of(
                facts("example.com/app", root, directory, line, environment, userProfile));
    }

    private static BuildFacts facts(
            String module,
            String root,
            String directory,
            @Nullable String line,
            Map<String, String> environment,
            @Nullable String userProfile) {
        return new BuildFacts(
                module,
                root,
                directory,
                line == null ? List.of() : List.of(line.split(" ")),
                environment,
                "",
                "",
                "",
                userProfile == null ? "" : userProfile);
    }

    private static List<String> texts(List<ProfileKey> keys) {
        return keys.stream().map(ProfileKey::text).toList();
    }

    private static String anyModule(ProfileKeys keys) {
        return Objects.requireNonNull(keys.anyModule()).text();
    }

    private static Map<String, String> environment(String variables) {
        Map<String, String> environment = new HashMap<>();
        for (String variable : variables.split(" ")) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return environment;
    }
}
