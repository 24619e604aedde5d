package io.gocacheserver.s3;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

import software.amazon.awssdk.services.s3.S3Client;

import java.util.Map;

/** On LocalStack in a container, where there is Docker. */
@Testcontainers(disabledWithoutDocker = true)
class LocalStackContainerIT extends TieredCacheOnS3Behaviour {

    @Container
    private static final LocalStackContainer SERVER =
            new LocalStackContainer(DockerImageName.parse("localstack/localstack:4.10"))
                    .withServices("s3");

    @AutoClose private static S3Client client;

    @BeforeAll
    static void connect() {
        client =
                S3Clients.create(
                        SERVER.getEndpoint(),
                        SERVER.getAccessKey(),
                        SERVER.getSecretKey(),
                        S3PropertiesFixture.with(Map.of()));
    }

    @Override
    S3Client s3() {
        return client;
    }
}
