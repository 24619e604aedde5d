package io.gocacheserver.s3;

import io.gocacheserver.cache.TierException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The requests to one bucket; each failure names what was attempted, and of which kind it is. */
final class S3Requests {

    private static final Logger log = LoggerFactory.getLogger(S3Requests.class);

    private final S3Client s3;
    private final String bucket;
    private final Duration readTimeout;

    /**
     * @param readTimeout until S3 begins to answer a read, retries included
     */
    S3Requests(S3Client s3, String bucket, Duration readTimeout) {
        this.s3 = s3;
        this.bucket = bucket;
        this.readTimeout = readTimeout;
    }

    /** The answer, to be closed, or nothing if there is no such key. */
    Optional<ResponseInputStream<GetObjectResponse>> get(String key, String what)
            throws TierException {
        try {
            return Optional.of(
                    s3.getObject(
                            request ->
                                    request.bucket(bucket)
                                            .key(key)
                                            .overrideConfiguration(
                                                    o -> o.apiCallTimeout(readTimeout))));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw S3Failure.of("read " + what, e);
        }
    }

    /** Whether there is such a key. */
    boolean exists(String key, String what) throws TierException {
        try {
            s3.headObject(
                    request ->
                            request.bucket(bucket)
                                    .key(key)
                                    .overrideConfiguration(o -> o.apiCallTimeout(readTimeout)));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        } catch (SdkException e) {
            throw S3Failure.of("look for " + what, e);
        }
    }

    /** Whether the key has this very content. Where S3 does not want to say, the answer is no. */
    boolean isPresent(String key, String md5, Duration timeout) throws TierException {
        checkTime(timeout, "look for " + key);
        try {
            s3.headObject(
                    request ->
                            request.bucket(bucket)
                                    .key(key)
                                    .ifMatch('"' + md5 + '"')
                                    .overrideConfiguration(o -> o.apiCallTimeout(timeout)));
            return true;
        } catch (SdkException e) {
            if (e instanceof S3Exception answer
                    && S3Failure.kind(answer) == TierException.Remote.Kind.REFUSED) {
                log.trace("HEAD {}: {}", key, answer.statusCode());
                return false;
            }
            throw S3Failure.of("look for " + key, e);
        }
    }

    void put(
            String key,
            RequestBody body,
            Duration timeout,
            String what,
            Consumer<PutObjectRequest.Builder> headers)
            throws TierException {
        checkTime(timeout, "write " + what);
        try {
            s3.putObject(
                    request -> {
                        request.bucket(bucket)
                                .key(key)
                                .overrideConfiguration(o -> o.apiCallTimeout(timeout));
                        headers.accept(request);
                    },
                    body);
        } catch (SdkException e) {
            throw S3Failure.of("write " + what, e);
        }
    }

    /** No error if there is no such key. */
    void delete(String key, Duration timeout) throws TierException {
        checkTime(timeout, "delete " + key);
        try {
            s3.deleteObject(
                    request ->
                            request.bucket(bucket)
                                    .key(key)
                                    .overrideConfiguration(o -> o.apiCallTimeout(timeout)));
        } catch (SdkException e) {
            throw S3Failure.of("delete " + key, e);
        }
    }

    /** Tells of each object whose key begins so. */
    void list(String prefix, Consumer<S3Object> each) throws TierException {
        try {
            s3.listObjectsV2Paginator(
                            request ->
                                    request.bucket(bucket)
                                            .prefix(prefix)
                                            .overrideConfiguration(
                                                    o -> o.apiCallTimeout(readTimeout)))
                    .contents()
                    .forEach(each);
        } catch (SdkException e) {
            throw S3Failure.of("list keys that begin with " + prefix, e);
        }
    }

    void checkBucket() throws TierException {
        try {
            s3.headBucket(
                    request ->
                            request.bucket(bucket)
                                    .overrideConfiguration(o -> o.apiCallTimeout(readTimeout)));
        } catch (SdkException e) {
            throw S3Failure.of("reach bucket " + bucket, e);
        }
    }

    private static void checkTime(Duration left, String what) throws TierException {
        if (!left.isPositive()) {
            throw new TierException.Remote(
                    TierException.Remote.Kind.UNAVAILABLE, what + ": no time left", null);
        }
    }
}
