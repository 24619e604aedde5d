package io.gocacheserver.s3;

import static io.gocacheserver.testsupport.Waiting.await;

import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A real S3 server, as a program that runs from before the first test of a class until after its last. */
final class S3Program implements BeforeAllCallback, AfterAllCallback {

    static final String ACCESS_KEY = "test-access";
    static final String SECRET_KEY = "test-secret";

    private final Program program;
    private final Command command;
    private @Nullable Path directory;
    private @Nullable Process process;
    private @Nullable S3Client client;

    /** How it is started. */
    interface Command {

        /**
         * Says what to run.
         *
         * @param program where it is installed
         * @param directory where it may write
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

    S3Program(Program program, Command command) {
        this.program = program;
        this.command = command;
    }

    /** A client with its credentials. */
    S3Client client() {
        return Objects.requireNonNull(client);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        Path installed = program.path();
        Path files = Files.createTempDirectory("s3-program-");
        directory = files;
        int port = Ports.free();
        Start start = command.start(installed, files, port);
        Path log = files.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Stream.concat(
                                                Stream.of(installed.toString()),
                                                start.arguments().stream())
                                        .toList())
                        .directory(files.toFile())
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
        await(program + " answers").until(() -> answers(started, log, s3));
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
                            .formatted(program, started.exitValue(), Files.readString(log)));
        }
        try {
            s3.listBuckets();
            return true;
        } catch (SdkException e) {
            return false;
        }
    }
}
