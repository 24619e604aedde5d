package io.gocacheserver.s3;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import software.amazon.awssdk.core.exception.SdkClientException;

/** Says what to set when the service cannot start because the S3 client lacks a setting: most often the region. */
final class S3SettingsAnalyzer extends AbstractFailureAnalyzer<SdkClientException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SdkClientException cause) {
        return new FailureAnalysis(
                "cache-server.s3.bucket names a bucket, but the S3 client cannot be set up: "
                        + cause.getMessage(),
                "Set the region (AWS_REGION or spring.cloud.aws.region.static; any name for an S3"
                        + " server of your own), and where needed the endpoint"
                        + " (spring.cloud.aws.s3.endpoint) and the credentials"
                        + " (spring.cloud.aws.credentials.access-key and .secret-key).",
                cause);
    }
}
