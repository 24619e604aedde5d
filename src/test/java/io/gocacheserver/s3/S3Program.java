package io.gocacheserver.s3;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gocacheserver.testsupport.Requirements;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A real S3 server, as a program that runs from before the first test of a class until after its last. */
final class S3Program implements BeforeAllCallback, AfterAllCallback {

    static final String ACCESS_KEY = "test-access";
    static final String SECRET_KEY = "test-secret";

    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

    private final String name;
    private final String variable;
    private final Command command;
    private final boolean optional;
    private @Nullable Path directory;
    private @Nullable Process process;
    private @Nullable S3Client client;

    /** How it is started. */
    interface Command {

        /**
         * Says what to run.
         *
         * @param program where it is installed
         * @param directory of its own, where it may write
         * @param port on which it is to serve S3, of the loopback interface alone
         */
        Start start(Path program, Path directory, int port) throws IOException;
    }

    /**
     * A program with its arguments.
     *
     * @param environment besides the inherited one
     */
    record Start(List<String> arguments, Map<String, String> environment) {}

    /**
     * @param name of the program
     * @param variable of the environment that says where it is, if it is not on the PATH
     */
    S3Program(String name, String variable, Command command) {
        this(name, variable, command, false);
    }

    private S3Program(String name, String variable, Command command, boolean optional) {
        this.name = name;
        this.variable = variable;
        this.command = command;
        this.optional = optional;
    }

    /** The same, but continuous integration may do without it. */
    static S3Program optional(String name, String variable, Command command) {
        return new S3Program(name, variable, command, true);
    }

    /** A client with its credentials. */
    S3Client client() {
        return Objects.requireNonNull(client);
    }

    /** Some port of the loopback interface on which nothing listens now. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        Optional<Path> program = find();
        String missing =
                "no %s: install it in the version that .ci/versions names, or set %s to where it is"
                        .formatted(name, variable);
        if (optional) {
            assumeTrue(program.isPresent(), "optional: " + missing);
        }
        Requirements.need(program.isPresent(), missing);
        Path own = Files.createTempDirectory(name);
        directory = own;
        int port = freePort();
        Start start = command.start(program.orElseThrow(), own, port);
        Path log = own.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Stream.concat(
                                                program.map(Path::toString).stream(),
                                                start.arguments().stream())
                                        .toList())
                        .directory(own.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().putAll(start.environment());
        Process started = builder.start();
        process = started;
        S3Client s3 =
                S3Clients.create(
                        URI.create("http://127.0.0.1:" + port),
                        ACCESS_KEY,
                        SECRET_KEY,
                        S3PropertiesFixture.with(Map.of()));
        client = s3;
        await(name + " answers").atMost(START_TIMEOUT).until(() -> answers(started, log, s3));
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (client != null) {
            client.close();
        }
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
        if (directory != null) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    private boolean answers(Process started, Path log, S3Client s3) throws IOException {
        if (!started.isAlive()) {
            throw new IllegalStateException(
                    "%s ended with %d: %s"
                            .formatted(name, started.exitValue(), Files.readString(log)));
        }
        try {
            s3.listBuckets();
            return true;
        } catch (SdkException e) {
            return false;
        }
    }

    private Optional<Path> find() {
        String named = System.getenv(variable);
        if (named != null) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
