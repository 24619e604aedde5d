package io.gocacheserver.endtoend;

import io.gocacheserver.testsupport.Requirements;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the real programs are that the tests need. A test whose program is absent is skipped, or fails in CI. */
public final class Programs {

    private static final Duration GO_ENV_LIMIT = Duration.ofSeconds(30);

    private Programs() {}

    public static Path go() {
        return need(
                find("go", "GO", Path.of("/usr/local/go/bin")),
                "no go command: install Go 1.24 or newer, or set GO to where it is");
    }

    public static void needCCompiler() {
        need(
                find("gcc", "CC", Path.of("/usr/bin")),
                "no C compiler: install gcc, or set CC to where one is");
    }

    public static Path goCacher() {
        return installedByGo(
                "go-cacher", "GO_CACHER", "github.com/bradfitz/go-tool-cache/cmd/go-cacher@latest");
    }

    /** OpenBSD's netcat, which knows Unix sockets. */
    public static Path nc() {
        return need(find("nc", "NC", Path.of("/usr/bin")), "no nc: install netcat-openbsd");
    }

    /** A shell, whatever {@code /bin/sh} is. */
    public static Path shell(String name) {
        return need(
                find(name, "TEST_" + name, Path.of("/bin")), "no %s: install it".formatted(name));
    }

    /** Runs a program on a terminal of its own. */
    public static Path script() {
        return need(find("script", "SCRIPT", Path.of("/usr/bin")), "no script: install bsdutils");
    }

    /** What {@code go env} says, with the user's own settings. */
    public static String goEnv(String variable) {
        Path here = Path.of("").toAbsolutePath();
        try (ChildProcess env =
                ChildProcess.start(here, Map.of(), List.of(go().toString(), "env", variable))) {
            env.awaitExit(GO_ENV_LIMIT);
            return env.stdout().strip();
        }
    }

    private static Path installedByGo(String name, String variable, String module) {
        return need(
                find(name, variable, Path.of(goEnv("GOPATH"), "bin")),
                "no %s: go install %s, or set %s to where it is".formatted(name, module, variable));
    }

    private static Path need(Optional<Path> found, String missing) {
        Requirements.need(found.isPresent(), missing);
        return found.orElseThrow();
    }

    private static Optional<Path> find(String name, String variable, Path usualFolder) {
        String named = System.getenv(variable);
        if (named != null) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(
                        Stream.of(path.split(File.pathSeparator)).map(Path::of),
                        Stream.of(usualFolder))
                .map(folder -> folder.resolve(name).toAbsolutePath())
                .filter(Files::isExecutable)
                .findFirst();
    }
}
