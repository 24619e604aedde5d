package io.gocacheserver.testsupport;

import static io.gocacheserver.testsupport.Waiting.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real S3 server: versitygw over a directory, in which each folder is a bucket. */
public final class Versitygw implements AutoCloseable {

    public static final String ACCESS_KEY = "test-access";
    public static final String SECRET_KEY = "test-secret";
    public static final String REGION = "us-east-1";

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
        Path program = Program.VERSITYGW.path();
        int port = Ports.free();
        Files.createDirectories(directory);
        ProcessBuilder command =
                new ProcessBuilder(
                                program.toString(),
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
        await("versitygw listens").until(this::listens);
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
}
