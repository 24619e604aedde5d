package io.gocacheserver.endtoend;

import io.gocacheserver.testsupport.Versitygw;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A bucket of a real S3 server, which is a folder that tests can look into. */
public final class S3Bucket implements AutoCloseable {

    /** In the bucket's folder, but none of its objects. */
    public static final String OWN_FOLDER = ".sgwtmp/";

    private static final String NAME = "build-cache";

    private final Versitygw server;
    private final Path folder;

    private S3Bucket(Versitygw server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /** Starts a server over a directory that it may make. */
    public static S3Bucket start(Path directory) throws IOException {
        Versitygw server = Versitygw.start(directory);
        return new S3Bucket(server, server.bucket(NAME));
    }

    /** The folder under which each file's path is its key. */
    public Path folder() {
        return folder;
    }

    /** What a service needs to use the bucket. */
    public Map<String, String> settings() {
        return Map.of(
                "CACHESERVER_S3_BUCKET",
                NAME,
                "SPRING_CLOUD_AWS_S3_ENDPOINT",
                server.uri().toString(),
                "SPRING_CLOUD_AWS_REGION_STATIC",
                Versitygw.REGION,
                "SPRING_CLOUD_AWS_CREDENTIALS_ACCESSKEY",
                Versitygw.ACCESS_KEY,
                "SPRING_CLOUD_AWS_CREDENTIALS_SECRETKEY",
                Versitygw.SECRET_KEY,
                "SPRING_CLOUD_AWS_S3_PATHSTYLEACCESSENABLED",
                "true");
    }

    /** The server ends; the bucket stays. */
    public void goAway() {
        server.close();
    }

    /** The server is there again, where it was. */
    public void comeBack() throws IOException {
        server.restart();
    }

    @Override
    public void close() {
        server.close();
    }
}
