package io.gocacheserver.testsupport;

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

import java.net.URI;

/** An S3 server in this JVM, which keeps everything in memory, and has no bucket at first. */
public final class EmbeddedS3 implements AutoCloseable {

    /** With {@link #SECRET_KEY}, what its clients show; {@link RunningService#s3Properties} has the same. */
    public static final String ACCESS_KEY = "access";

    /** Belongs to {@link #ACCESS_KEY}. */
    public static final String SECRET_KEY = "secret";

    private final S3Proxy server;

    private EmbeddedS3(S3Proxy server) {
        this.server = server;
    }

    /** Starts one on a free port of loopback. */
    public static EmbeddedS3 start() throws Exception {
        S3Proxy server =
                S3Proxy.builder()
                        .blobStore(new TransientNio2BlobStore())
                        .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .build();
        server.start();
        return new EmbeddedS3(server);
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** Ends it; its objects are gone. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
