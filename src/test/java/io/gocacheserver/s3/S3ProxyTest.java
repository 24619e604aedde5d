package io.gocacheserver.s3;

import io.gocacheserver.testsupport.EmbeddedS3;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

import software.amazon.awssdk.services.s3.S3Client;

import java.util.Map;

/** On S3Proxy in this JVM, which keeps everything in memory. */
class S3ProxyTest extends TieredCacheOnS3Behaviour {

    @AutoClose private static EmbeddedS3 server;
    @AutoClose private static S3Client client;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedS3.start();
        client =
                S3Clients.create(
                        server.endpoint(),
                        EmbeddedS3.ACCESS_KEY,
                        EmbeddedS3.SECRET_KEY,
                        S3PropertiesFixture.with(Map.of()));
    }

    @Override
    S3Client s3() {
        return client;
    }
}
