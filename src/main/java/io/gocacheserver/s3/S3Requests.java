package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.TierException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The requests to one bucket; each failure names what was attempted, and of which kind it is. Not found is 404, or 403 where
 * reading is allowed ({@link S3BucketCheck#isReadable}).
 */
final class S3Requests {

    private static final Logger log = LoggerFactory.getLogger(S3Requests.class);

    private final S3Client s3;
    private final String bucket;
    private final Duration readTimeout;
    private final S3BucketCheck check;
    private volatile boolean metadataRefused;

    /**
     * @param readTimeout until S3 begins to answer a read, retries included
     */
    S3Requests(S3Client s3, String bucket, S3Keys keys, Duration readTimeout) {
        this.s3 = s3;
        this.bucket = bucket;
        this.readTimeout = readTimeout;
        this.check = new S3BucketCheck(s3, bucket, keys, readTimeout);
    }

    static Consumer<AwsRequestOverrideConfiguration.Builder> within(Duration timeout) {
        return override -> override.apiCallTimeout(timeout);
    }

    Optional<ResponseInputStream<GetObjectResponse>> get(String key, String what)
            throws TierException {
        return get(key, what, request -> {});
    }

    Optional<ResponseInputStream<GetObjectResponse>> get(
            String key, String what, Consumer<GetObjectRequest.Builder> condition)
            throws TierException {
        var request = GetObjectRequest.builder().bucket(bucket).key(key);
        request.applyMutation(condition).overrideConfiguration(within(readTimeout));
        return find("read " + what, () -> s3.getObject(request.build()));
    }

    boolean exists(String key, String what) throws TierException {
        var request = HeadObjectRequest.builder().bucket(bucket).key(key);
        request.overrideConfiguration(within(readTimeout));
        return find("look for " + what, () -> s3.headObject(request.build())).isPresent();
    }

    private <T> Optional<T> find(String what, Supplier<T> request) throws TierException {
        try {
            return Optional.of(request.get());
        } catch (SdkException e) {
            if (isNotFound(e)) {
                return Optional.empty();
            }
            throw S3Failure.of(what, e);
        }
    }

    private static <T> T within(Duration left, String what, Supplier<T> request)
            throws TierException {
        if (!left.isPositive()) {
            throw new TierException.Remote(
                    TierException.Remote.Kind.UNAVAILABLE, what + ": no time left", null);
        }
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Failure.of(what, e);
        }
    }

    private boolean isNotFound(SdkException answer) {
        return S3Failure.isNoSuchKey(answer)
                || (S3Failure.isForbidden(answer) && check.isReadable());
    }

    /**
     * Whether the key has this very content: HEAD with {@code If-Match: "<md5>"}; where the server ignores that, the ETag
     * that it returns is compared. False where a server refuses to say: it is sent the object.
     */
    boolean has(String key, String md5, Duration timeout) throws TierException {
        try {
            var request = HeadObjectRequest.builder().bucket(bucket).key(key);
            request.ifMatch('"' + md5 + '"').overrideConfiguration(within(timeout));
            String eTag =
                    within(timeout, "look for " + key, () -> s3.headObject(request.build())).eTag();
            return eTag != null && eTag.replace("\"", "").equalsIgnoreCase(md5);
        } catch (TierException.Remote e) {
            if (e.kind() == TierException.Remote.Kind.REFUSED) {
                return false;
            }
            throw e;
        }
    }

    /** Writes an object with metadata, which are left out where the server turns out not to take any. */
    void put(
            String key,
            RequestBody body,
            Duration timeout,
            String what,
            Consumer<PutObjectRequest.Builder> headers,
            Map<String, String> metadata)
            throws TierException {
        long start = System.nanoTime();
        if (metadata.isEmpty() || metadataRefused) {
            put(key, body, timeout, what, headers);
            return;
        }
        try {
            put(key, body, timeout, what, headers.andThen(r -> r.metadata(metadata)));
        } catch (TierException.Remote e) {
            if (!S3Failure.isUnsupported(e)) {
                throw e;
            }
            put(key, body, timeout.minusNanos(System.nanoTime() - start), what, headers);
            metadataRefused = true;
            log.warn(
                    "the bucket {} takes no metadata, so it does not say who put an action; {}",
                    bucket,
                    e.getMessage());
        }
    }

    String put(
            String key,
            RequestBody body,
            Duration timeout,
            String what,
            Consumer<PutObjectRequest.Builder> headers)
            throws TierException {
        var request = PutObjectRequest.builder().bucket(bucket).key(key);
        request.applyMutation(headers).overrideConfiguration(within(timeout));
        return within(timeout, "write " + what, () -> s3.putObject(request.build(), body)).eTag();
    }

    void delete(String key, Duration timeout) throws TierException {
        var request = DeleteObjectRequest.builder().bucket(bucket).key(key);
        request.overrideConfiguration(within(timeout));
        within(timeout, "delete " + key, () -> s3.deleteObject(request.build()));
    }

    List<S3Object> page(String prefix, @Nullable String after) throws TierException {
        String what = "list keys that begin with " + prefix;
        var request = ListObjectsV2Request.builder().bucket(bucket).prefix(prefix);
        request.startAfter(after).overrideConfiguration(within(readTimeout));
        List<S3Object> page =
                within(readTimeout, what, () -> s3.listObjectsV2(request.build())).contents();
        if (after != null && !page.isEmpty() && page.getFirst().key().compareTo(after) <= 0) {
            throw S3Failure.invalid(what + ": the list does not go on after " + after);
        }
        return page;
    }

    void checkBucket() throws TierException {
        check.run();
    }
}
