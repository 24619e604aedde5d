package io.gocacheserver.s3;

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import software.amazon.awssdk.services.s3.S3Client;

import java.net.URI;
import java.util.Map;

/** On S3Proxy in this JVM, which keeps everything in memory. */
class S3ProxyTest extends TieredCacheOnS3Behaviour {

    private static final String ACCESS_KEY = "test-access";
    private static final String SECRET_KEY = "test-secret";

    private static S3Proxy server;
    private static S3Client client;

    @BeforeAll
    static void start() throws Exception {
        server =
                S3Proxy.builder()
                        .blobStore(new TransientNio2BlobStore())
                        .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .build();
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getPort());
        client =
                S3Clients.create(
                        endpoint, ACCESS_KEY, SECRET_KEY, S3PropertiesFixture.with(Map.of()));
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.stop();
    }

    @Override
    S3Client s3() {
        return client;
    }
}
