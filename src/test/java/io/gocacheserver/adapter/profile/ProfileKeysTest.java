package io.gocacheserver.adapter.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class ProfileKeysTest {

    private static final String FIX = "GITHUB_REPOSITORY=a/b GITHUB_REF=refs/heads/fix";
    private static final String PULL =
            "GITHUB_REPOSITORY=a/b GITHUB_HEAD_REF=fix GITHUB_BASE_REF=main";
    private static final String MAIN = "GITHUB_REPOSITORY=a/b GITHUB_REF=refs/heads/main";

    @TempDir Path directory;
    private Path module = Path.of("");

    @BeforeEach
    void makeModule() throws IOException {
        module = module("m");
    }

    @Test
    void areReadable() {
        List<String> keys = keys("go test ./...", PULL).read();

        assertThat(keys.getFirst())
                .matches("example.com/app:go1.26.1:linux-amd64:test:fix:[0-9a-f]{16}");
        assertThat(keys.get(1)).contains(":test:main:");
        assertThat(keys.get(2)).contains(":test:any:");
        assertThat(keys.get(3)).contains(":test-any:any:");
        assertThat(keys.get(4)).contains(":any:any:");
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
        List<String> known = keys("go test ./...", MAIN).write();

        String found = firstOf(keys("go test -run X ./a", FIX), known);

        assertThat(found).contains(":test-any:any:");
        assertThat(firstOf(keys("go test ./...", FIX), known)).contains(":test:any:");
        assertThat(firstOf(keys("go vet ./...", FIX), known)).contains(":any:any:");
    }

    @Test
    void findAnotherDirectorysBuildAtLast() throws IOException {
        List<String> known = keys("go test ./...", MAIN).write();
        ProfileKeys elsewhere = keys(module("other"), "go test ./...", MAIN, null);

        assertThat(firstOf(elsewhere, known)).isEqualTo(elsewhere.read().getLast());
        assertThat(elsewhere.read()).containsOnlyOnce(known.getLast());
    }

    @Test
    void areTheSameInEveryDirectoryWithTrimpath() throws IOException {
        ProfileKeys one = keys(module, "go build -trimpath ./...", MAIN, null);
        ProfileKeys other =
                keys(module("other"), "go build ./...", MAIN + " GOFLAGS=-trimpath", null);

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
                "go install ./a",
                "go -C sub build ./a"
            })
    void haveAllOfTheModuleInCommonIfSomeObjectsAreOthers(String line) throws IOException {
        Files.createDirectories(module.resolve("sub"));
        Path working = line.contains("-C") ? module.resolve("sub") : module;
        ProfileKeys other = keys(working, line, MAIN, null);
        List<String> known = keys("go build ./a", MAIN).write();

        assertThat(other.read().getFirst()).isNotEqualTo(known.getFirst());
        assertThat(firstOf(other, known)).contains("any:any:");
    }

    @Test
    void areApartForWhatTheUserTellsApart() {
        ProfileKeys one = keys(module, "go test ./...", MAIN, "shard 1");
        ProfileKeys other = keys(module, "go test ./...", MAIN, "shard 2");

        assertThat(one.read().getFirst()).isNotEqualTo(other.read().getFirst());
        assertThat(firstOf(one, other.write())).contains(":any:any:");
        assertThat(keys(module, "go test ./...", MAIN, "shard 1")).isEqualTo(one);
    }

    @Test
    void areThoseOfAnyBranchIfThereIsNone() {
        ProfileKeys keys = keys("go test ./...", "");

        assertThat(keys.read()).isEqualTo(keys.write()).hasSize(4);
        assertThat(keys.read().getFirst()).contains(":test:any:");
    }

    @Test
    void areOnlyOfTheCommandWithoutAModule() {
        ProfileKeys keys = keys(directory, "go run x.go", "", null);

        assertThat(keys.read()).hasSize(2).first().asString().startsWith("no-module:go1.26.1:");
    }

    @Test
    void areNoneForAStranger() {
        ProfileKeys none =
                ProfileKeys.of(new GoInvocation("", List.of(), Map.of("HOME", "/x")), null);

        assertThat(none.read()).isEmpty();
        assertThat(none.write()).isEmpty();
        assertThat(ProfileKeys.of(new GoInvocation("", List.of(), Map.of()), "mine").read())
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com/a b?c&d=é+%, ü/ #1, devel go1.27-1a2b X:foo",
        "example.com/LONG, feature/LONG, goLONG"
    })
    void areFitForAUrlAndForTheService(String name, String branch, String version)
            throws IOException {
        String filler = "x".repeat(300);
        Files.writeString(module.resolve("go.mod"), "module " + name.replace("LONG", filler));
        Map<String, String> environment = environment("GOOS=linux GOARCH=amd64");
        environment.put("GITHUB_REPOSITORY", "a/b");
        environment.put("GITHUB_HEAD_REF", branch.replace("LONG", filler));
        environment.put("GITHUB_BASE_REF", "main" + branch.replace("LONG", filler));
        environment.put("GOVERSION", version.replace("LONG", filler));
        List<String> command = List.of("go", "tool", filler);

        ProfileKeys keys =
                ProfileKeys.of(new GoInvocation(module.toString(), command, environment), filler);

        assertThat(keys.read()).hasSizeBetween(1, 8).doesNotHaveDuplicates();
        assertThat(keys.write()).hasSizeBetween(1, 8).doesNotHaveDuplicates();
        for (String key : keys.read()) {
            assertThat(key).matches("[A-Za-z0-9._~/:@-]+").hasSizeLessThanOrEqualTo(230);
        }
        assertThat(keys.read()).containsAll(keys.write());
    }

    private static String firstOf(ProfileKeys keys, List<String> known) {
        for (String key : keys.read()) {
            if (known.contains(key)) {
                return key;
            }
        }
        return "none";
    }

    private ProfileKeys keys(String line, String variables) {
        return keys(module, line, variables, null);
    }

    private static ProfileKeys keys(
            Path working, String line, String variables, @Nullable String userProfile) {
        Map<String, String> environment =
                environment("GOVERSION=go1.26.1 GOOS=linux GOARCH=amd64 CGO_ENABLED=1 CC=gcc");
        environment.putAll(environment(variables));
        return ProfileKeys.of(
                new GoInvocation(working.toString(), Arrays.asList(line.split(" ")), environment),
                userProfile);
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

    private Path module(String name) throws IOException {
        Path made = Files.createDirectories(directory.resolve(name));
        Files.writeString(made.resolve("go.mod"), "module example.com/app\n");
        return made;
    }
}
