package io.gocacheserver.endtoend.builds;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What users do with {@code go}, in the modules of {@link CommandsModule}; {@code OUT} is a directory for what is made. */
enum GoCommand {
    BUILD("build", "-o", "OUT/greet", "./greet"),
    BUILD_TO_NOWHERE("build", "-o", "/dev/null", "./greet"),
    BUILD_OF_BROKEN_CODE("build", "-o", "OUT/broken", "./broken"),
    INSTALL(Map.of("GOBIN", "OUT"), "install", "./greet"),
    RUN("run", "./greet"),
    TOOL("tool", "greet"),
    GENERATE("generate", "./greet"),
    LIST_EXPORT("list", "-export", "-f", "{{.ImportPath}} {{.Export}}", "./text"),
    VET("vet", "./text"),
    VET_OF_SUSPICIOUS_CODE("vet", "./suspicious"),
    TEST("test", "./text"),
    TEST_THAT_FAILS("test", "./failing"),
    TEST_WITH_COVERAGE("test", "-cover", "-coverpkg=./text,example.test/needed", "./text"),
    /** For a package without tests the Go command runs {@code go tool covdata}, and prints what that says on stderr too. */
    COVERAGE_OF_PACKAGES_WITHOUT_TESTS("test", "-cover", "./greet", "./plain", "./text"),
    /** One package after the other, since they are reported as they come. */
    COVERAGE_AS_JSON("test", "-json", "-p=1", "-cover", "./greet", "./text"),
    FUZZ("test", "-fuzz=FuzzGreeting", "-fuzztime=20x", "-run=^$", "./text"),
    COVERAGE("build", "-cover", "-o", "OUT/plain", "./plain"),
    WINDOWS(Map.of("GOOS", "windows"), "build", "-o", "OUT/plain", "./plain"),
    ARM64(Map.of("GOOS", "linux", "GOARCH", "arm64"), "build", "-o", "OUT/plain", "./plain"),
    POSITION_INDEPENDENT("build", "-buildmode=pie", "-o", "OUT/plain", "./plain"),
    PROFILE_GUIDED("build", "-pgo=../cpu.pprof", "-o", "OUT/plain", "./plain"),
    OVERLAY("build", "-overlay=../overlay.json", "-o", "OUT/greet", "./greet"),
    WORKSPACE(
            Map.of("GOWORK", "../go.work"),
            "build",
            "-o",
            "OUT/greet",
            "example.test/commands/greet"),
    VENDORED(
            Map.of("GOFLAGS", "-trimpath -buildvcs=false -mod=vendor"),
            "build",
            "-o",
            "OUT/greet",
            "./greet"),
    C(Map.of("CGO_ENABLED", "1"), "build", "-o", "OUT/uses-c", "./uses-c"),
    C_SHARED(
            Map.of("CGO_ENABLED", "1"),
            "build",
            "-buildmode=c-shared",
            "-o",
            "OUT/uses-c.so",
            "./uses-c"),
    PLUGIN(
            Map.of("CGO_ENABLED", "1"),
            "build",
            "-buildmode=plugin",
            "-o",
            "OUT/plain.so",
            "./plain"),
    RACE(
            Map.of("CGO_ENABLED", "1", "GOFLAGS", "-trimpath -buildvcs=false -race"),
            "build",
            "-o",
            "OUT/plain",
            "./plain");

    /** How the packages of the standard library are compiled that a command needs. */
    enum Library {
        COMMANDS,
        /** Also without the flags of {@code GOFLAGS}. */
        TOOLS,
        /** As no other command does it. */
        OWN
    }

    private static final Set<String> WITHOUT_IMPORTS = Set.of("./plain", "./uses-c");

    @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
    private final Map<String, String> variables;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> arguments;

    GoCommand(String... arguments) {
        this(Map.of(), arguments);
    }

    GoCommand(Map<String, String> variables, String... arguments) {
        this.variables = variables;
        this.arguments = List.of(arguments);
    }

    Map<String, String> variables() {
        return variables;
    }

    List<String> arguments() {
        return arguments;
    }

    Library library() {
        return switch (this) {
            case TOOL, COVERAGE_OF_PACKAGES_WITHOUT_TESTS, COVERAGE_AS_JSON -> Library.TOOLS;
            default ->
                    WITHOUT_IMPORTS.contains(arguments.getLast()) ? Library.OWN : Library.COMMANDS;
        };
    }

    boolean needsC() {
        return "1".equals(variables.get("CGO_ENABLED"));
    }
}
