package io.gocacheserver.testsupport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Programs that tests run and not every machine has: on the PATH, and what Go has installed also where Go puts it. */
public enum Program {
    GO("go", "install Go 1.24 or newer, https://go.dev/dl/"),
    GO_CACHER("go-cacher", "go install github.com/bradfitz/go-tool-cache/cmd/go-cacher@latest"),
    VERSITYGW("versitygw", "go install github.com/versity/versitygw/cmd/versitygw@latest"),
    CHROMIUM("chromium", "apt-get install chromium"),
    CHROMEDRIVER("chromedriver", "apt-get install chromium-driver"),
    C_COMPILER("gcc", "apt-get install build-essential"),
    /** OpenBSD's, which knows Unix sockets. */
    NETCAT("nc", "apt-get install netcat-openbsd"),
    /** Runs the action for GitHub's jobs. */
    NODE("node", "apt-get install nodejs"),
    /** Runs a program on a terminal of its own. */
    SCRIPT("script", "apt-get install bsdutils"),
    BASH("bash", "apt-get install bash"),
    BUSYBOX("busybox", "apt-get install busybox"),
    DASH("dash", "apt-get install dash"),
    CURL("curl", "apt-get install curl"),
    GIT("git", "apt-get install git"),
    GZIP("gzip", "apt-get install gzip"),
    SHA256SUM("sha256sum", "apt-get install coreutils"),
    TAR("tar", "apt-get install tar"),
    XZ("xz", "apt-get install xz-utils"),
    /** Runs programs for ARM64, with that platform's C library. */
    QEMU_ARM64("qemu-aarch64-static", "apt-get install qemu-user-static libc6-arm64-cross"),
    MINIO("minio", "MINIO", false),
    MOTO("moto_server", "MOTO_SERVER", false),
    /** A Python with LocalStack. */
    LOCALSTACK("localstack-python", "LOCALSTACK_PYTHON", false),
    /** Continuous integration may do without, since building it takes more than ten minutes. */
    SEAWEEDFS("weed", "WEED", true);

    private static final String INSTALLED_BY_GO = "go install ";
    private static final Map<String, String> GO_ENV = new ConcurrentHashMap<>();

    private final String command;
    private final String remedy;
    private final @Nullable String variable;
    private final boolean optional;

    Program(String command, String remedy) {
        this(command, remedy, null, false);
    }

    /**
     * @param variable of the environment that says where it is, if it is not on the PATH
     * @param optional whether continuous integration may do without it
     */
    Program(String command, String variable, boolean optional) {
        this(
                command,
                "install it in the version that .ci/versions names, or set "
                        + variable
                        + " to where it is",
                variable,
                optional);
    }

    Program(String command, String remedy, @Nullable String variable, boolean optional) {
        this.command = command;
        this.remedy = remedy;
        this.variable = variable;
        this.optional = optional;
    }

    /** Where it is; the running test is skipped, or fails in CI, if it is nowhere. */
    public Path path() {
        Optional<Path> found = find();
        if (optional) {
            assumeTrue(found.isPresent(), reason());
        }
        Requirements.need(found.isPresent(), missing(), remedy);
        return found.orElseThrow();
    }

    /** Why a test is skipped that needs it, or nothing. */
    public Optional<String> reasonToSkip() {
        return (Requirements.ALL && !optional) || find().isPresent()
                ? Optional.empty()
                : Optional.of(reason());
    }

    /** The summary of all tests knows the first word. */
    private String reason() {
        return (optional ? "optional: " : "") + missing() + ": " + remedy;
    }

    /** A program on the PATH. */
    public static Optional<Path> onPath(String command) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return in(Arrays.stream(path.split(File.pathSeparator)).map(Path::of), command);
    }

    /** What {@code go env} says, with the user's own settings. */
    public static String goEnv(String variable) {
        return GO_ENV.computeIfAbsent(variable, Program::askGo);
    }

    private Optional<Path> find() {
        String named = variable == null ? null : System.getenv(variable);
        if (named != null) {
            return Optional.of(Path.of(named).toAbsolutePath()).filter(Files::isExecutable);
        }
        Optional<Path> found = onPath(command);
        boolean byGo = remedy.startsWith(INSTALLED_BY_GO) && GO.find().isPresent();
        return found.isEmpty() && byGo
                ? in(Stream.of(Path.of(goEnv("GOPATH"), "bin")), command)
                : found;
    }

    private String missing() {
        return "no " + command;
    }

    private static Optional<Path> in(Stream<Path> folders, String command) {
        return folders.map(folder -> folder.resolve(command).toAbsolutePath())
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static String askGo(String variable) {
        try {
            Process go =
                    new ProcessBuilder(GO.path().toString(), "env", variable)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return new String(go.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
