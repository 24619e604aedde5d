package io.gocacheserver.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A real S3 server with one bucket, which is a folder that tests can look into. */
final class Versitygw implements AutoCloseable {

    /** In the bucket's folder, but none of its objects. */
    static final String OWN_FOLDER = ".sgwtmp/";

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final String BUCKET = "build-cache";
    private static final String REGION = "us-east-1";
    private static final String ACCESS_KEY = "end-to-end";
    private static final String SECRET_KEY = "end-to-end-secret";

    private final ChildProcess process;
    private final int port;
    private final Path bucketFolder;

    private Versitygw(ChildProcess process, int port, Path bucketFolder) {
        this.process = process;
        this.port = port;
        this.bucketFolder = bucketFolder;
    }

    /** Starts it on a free port, over a directory that it may make. */
    static Versitygw start(Path directory) throws IOException {
        int port = Ports.free();
        Path bucketFolder = Files.createDirectories(directory.resolve(BUCKET));
        List<String> command =
                List.of(
                        Programs.versitygw().toString(),
                        "--access",
                        ACCESS_KEY,
                        "--secret",
                        SECRET_KEY,
                        "--port",
                        "127.0.0.1:" + port,
                        "--region",
                        REGION,
                        "--keep-alive",
                        "--quiet",
                        "posix",
                        directory.toString());
        ChildProcess process = ChildProcess.start(directory, Map.of(), command);
        try {
            await().atMost(START_LIMIT).until(() -> !process.isRunning() || accepts(port));
            assertThat(process.isRunning()).as("runs; stderr: %s", process.stderr()).isTrue();
            return new Versitygw(process, port, bucketFolder);
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    /** The folder under which each file's path is its key. */
    Path bucketFolder() {
        return bucketFolder;
    }

    /** What a service needs to use the bucket. */
    Map<String, String> settings() {
        return Map.of(
                "CACHESERVER_S3_BUCKET", BUCKET,
                "SPRING_CLOUD_AWS_S3_ENDPOINT", "http://127.0.0.1:" + port,
                "SPRING_CLOUD_AWS_REGION_STATIC", REGION,
                "SPRING_CLOUD_AWS_CREDENTIALS_ACCESSKEY", ACCESS_KEY,
                "SPRING_CLOUD_AWS_CREDENTIALS_SECRETKEY", SECRET_KEY,
                "SPRING_CLOUD_AWS_S3_PATHSTYLEACCESSENABLED", "true");
    }

    @Override
    public void close() {
        process.close();
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
