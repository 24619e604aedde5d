package io.gocacheserver.s3;

import org.springframework.beans.factory.support.StaticListableBeanFactory;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

import java.net.URI;

/** Clients as the service makes them: its own customizer on top of endpoint, region and credentials. */
final class S3Clients {

    private S3Clients() {}

    static S3Client create(
            URI endpoint,
            String accessKey,
            String secretKey,
            S3Properties properties,
            ExecutionInterceptor... interceptors) {
        S3ClientBuilder builder =
                S3Client.builder()
                        .endpointOverride(endpoint)
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(accessKey, secretKey)));
        new S3Configuration()
                .s3ClientCustomizer(
                        properties,
                        new StaticListableBeanFactory().getBeanProvider(ExecutionInterceptor.class))
                .customize(builder);
        for (ExecutionInterceptor each : interceptors) {
            builder.overrideConfiguration(
                    builder.overrideConfiguration().copy(o -> o.addExecutionInterceptor(each)));
        }
        return builder.build();
    }
}
