package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.s3.S3Presence.Presence;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The requests to one bucket; each failure names what was attempted, and of which kind it is. Not found is 404, or 403 where
 * reading is allowed ({@link S3BucketCheck#isReadable}).
 */
final class S3Requests {

    /** Receives each key of a list, page by page. */
    interface Listing {
        void accept(S3Object object) throws TierException;
    }

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
        } catch (SdkException e) {
            if (isNotFound(e)) {
                return Optional.empty();
            }
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
        } catch (SdkException e) {
            if (isNotFound(e)) {
                return false;
            }
            throw S3Failure.of("look for " + what, e);
        }
    }

    /** Whether an answer says that there is no such key. */
    boolean isNotFound(SdkException answer) {
        return S3Failure.isNoSuchKey(answer)
                || (S3Failure.isForbidden(answer) && check.isReadable());
    }

    /** Whether the key has this very content. */
    Presence presence(String key, String md5, Duration timeout) throws TierException {
        checkTime(timeout, "look for " + key);
        try {
            String eTag =
                    s3.headObject(
                                    request ->
                                            request.bucket(bucket)
                                                    .key(key)
                                                    .ifMatch('"' + md5 + '"')
                                                    .overrideConfiguration(
                                                            o -> o.apiCallTimeout(timeout)))
                            .eTag();
            return eTag != null && eTag.replace("\"", "").equalsIgnoreCase(md5)
                    ? Presence.PRESENT
                    : Presence.ABSENT;
        } catch (SdkException e) {
            if (e instanceof S3Exception answer
                    && S3Failure.kind(answer) == TierException.Remote.Kind.REFUSED) {
                int status = answer.statusCode();
                return status == S3Failure.NOT_FOUND || status == S3Failure.PRECONDITION_FAILED
                        ? Presence.ABSENT
                        : Presence.NOT_SAID;
            }
            throw S3Failure.of("look for " + key, e);
        }
    }

    /**
     * Writes an object.
     *
     * @param metadata left out where the server turns out not to take any
     */
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
            putOnce(key, body, timeout, what, headers);
            return;
        }
        try {
            putOnce(key, body, timeout, what, headers.andThen(r -> r.metadata(metadata)));
        } catch (TierException.Remote e) {
            if (!S3Failure.isUnsupported(e)) {
                throw e;
            }
            putOnce(key, body, timeout.minusNanos(System.nanoTime() - start), what, headers);
            metadataRefused = true;
            log.warn(
                    "the bucket {} takes no metadata, so it does not say who put an action; {}",
                    bucket,
                    e.getMessage());
        }
    }

    private void putOnce(
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
    void list(String prefix, Listing each) throws TierException {
        try {
            for (S3Object object :
                    s3.listObjectsV2Paginator(
                                    request ->
                                            request.bucket(bucket)
                                                    .prefix(prefix)
                                                    .overrideConfiguration(
                                                            o -> o.apiCallTimeout(readTimeout)))
                            .contents()) {
                each.accept(object);
            }
        } catch (SdkException e) {
            throw S3Failure.of("list keys that begin with " + prefix, e);
        }
    }

    /**
     * A page of the keys that begin so; empty after the last one.
     *
     * @param after the last key of the page before, or null
     */
    List<String> page(String prefix, @Nullable String after) throws TierException {
        String what = "list keys that begin with " + prefix;
        try {
            List<String> keys =
                    s3
                            .listObjectsV2(
                                    request ->
                                            request.bucket(bucket)
                                                    .prefix(prefix)
                                                    .startAfter(after)
                                                    .overrideConfiguration(
                                                            o -> o.apiCallTimeout(readTimeout)))
                            .contents()
                            .stream()
                            .map(S3Object::key)
                            .toList();
            if (after != null && !keys.isEmpty() && keys.getFirst().compareTo(after) <= 0) {
                throw S3Failure.invalid(what + ": the list does not go on after " + after);
            }
            return keys;
        } catch (SdkException e) {
            throw S3Failure.of(what, e);
        }
    }

    /** Tries the bucket. */
    void checkBucket() throws TierException {
        check.run();
    }

    private static void checkTime(Duration left, String what) throws TierException {
        if (!left.isPositive()) {
            throw new TierException.Remote(
                    TierException.Remote.Kind.UNAVAILABLE, what + ": no time left", null);
        }
    }
}
