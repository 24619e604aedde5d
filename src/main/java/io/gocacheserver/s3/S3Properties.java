package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.model.ByteSize;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.time.Duration;

/**
 * The S3 tier. How S3 is reached (endpoint, region, credentials, path style) is set under spring.cloud.aws.
 *
 * @param bucket Bucket that all replicas share. Empty: no S3 tier.
 * @param keyPrefix Put before each key, with a slash between.
 * @param minUploadSize Smaller objects are not uploaded.
 * @param uploadConcurrency Uploads running at once; 0 is the number of processors.
 * @param objectCoding How compressed objects are written: decoded, which go-cache-plugin reads too, or as zstd.
 * @param uploadTimeout Time for one upload, object and action record together.
 * @param readTimeout Time until S3 begins to answer a read, and longest pause within the answer.
 * @param drainTimeout Time that shutdown waits for uploads.
 */
@Validated
@ConfigurationProperties(value = "cache-server.s3", ignoreUnknownFields = false)
public record S3Properties(
        @NotNull @DefaultValue("") String bucket,
        @NotNull @DefaultValue("") String keyPrefix,
        @NotNull @DefaultValue("0B") ByteSize minUploadSize,
        @Min(0) @DefaultValue("0") int uploadConcurrency,
        @NotNull @DefaultValue("identity") Coding objectCoding,
        @NotNull @DefaultValue("1m") Duration uploadTimeout,
        @NotNull @DefaultValue("10s") Duration readTimeout,
        @NotNull @DefaultValue("15s") Duration drainTimeout) {

    int effectiveUploadConcurrency() {
        return uploadConcurrency > 0
                ? uploadConcurrency
                : Runtime.getRuntime().availableProcessors();
    }
}
