package io.gocacheserver.testsupport;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real S3 server: versitygw over a directory, in which each folder is a bucket. */
public final class Versitygw implements AutoCloseable {

    public static final String ACCESS_KEY = "test-access";
    public static final String SECRET_KEY = "test-secret";
    public static final String REGION = "us-east-1";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final String HOW_TO_INSTALL =
            "versitygw is not installed: go install github.com/versity/versitygw/cmd/versitygw@latest"
                    + " (looked at $VERSITYGW, on the PATH and in the bin folder of `go env GOPATH`)";

    private final ProcessBuilder program;
    private final int port;
    private final Path directory;
    private Process process;

    private Versitygw(ProcessBuilder program, int port, Path directory) throws IOException {
        this.program = program;
        this.port = port;
        this.directory = directory;
        this.process = program.start();
    }

    /** Starts it, or skips (in continuous integration: fails) the running test where it is not installed. */
    public static Versitygw start(Path directory) throws IOException {
        Optional<Path> program = find();
        Requirements.need(program.isPresent(), HOW_TO_INSTALL);
        int port = freePort();
        Files.createDirectories(directory);
        ProcessBuilder command =
                new ProcessBuilder(
                                program.orElseThrow().toString(),
                                "--access",
                                ACCESS_KEY,
                                "--secret",
                                SECRET_KEY,
                                "--port",
                                "127.0.0.1:" + port,
                                "--region",
                                REGION,
                                "--keep-alive",
                                "posix",
                                directory.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Versitygw server = new Versitygw(command, port, directory);
        server.awaitListening();
        return server;
    }

    /** Starts it again after {@link #close}, at the same place and with the same buckets. */
    public void restart() throws IOException {
        process = program.start();
        awaitListening();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The folder that is this bucket; its files' paths are the keys. */
    public Path bucket(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    private void awaitListening() {
        await("versitygw listens").atMost(START_TIMEOUT).until(this::listens);
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new IllegalStateException("versitygw ended with " + process.exitValue());
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Path> find() throws IOException {
        String named = System.getenv("VERSITYGW");
        if (named != null) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of(path.split(File.pathSeparator, -1)).map(Path::of), goBin())
                .map(folder -> folder.resolve("versitygw"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Stream<Path> goBin() throws IOException {
        try {
            Process go = new ProcessBuilder("go", "env", "GOPATH").start();
            String output =
                    new String(go.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean ended = go.waitFor(10, TimeUnit.SECONDS) && go.exitValue() == 0;
            return ended && !output.isEmpty() ? Stream.of(Path.of(output, "bin")) : Stream.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Stream.empty();
        } catch (IOException noGo) {
            return Stream.empty();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
