package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.RemoteDocuments;
import io.gocacheserver.cache.tier.TierException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Documents in a bucket, under {@code [prefix/]profile/xx/[name]}; versions are ETags. A change is a conditional PUT
 * ({@code If-Match}, {@code If-None-Match: *}); an S3 server that does not know these is written to without a condition,
 * so that of two changes at the same moment one may be lost.
 */
public final class S3Documents implements RemoteDocuments {

    private static final int NOT_MODIFIED = 304;
    private static final int CONFLICT = 409;

    private final S3Client s3;
    private final String bucket;
    private final S3Keys keys;
    private final Duration timeout;
    private final S3Requests requests;
    private volatile boolean unconditional;

    /**
     * @param keyPrefix put before each key, with a slash between; empty for none
     * @param timeout for each request, retries included
     */
    public S3Documents(S3Client s3, String bucket, String keyPrefix, Duration timeout) {
        this.s3 = s3;
        this.bucket = bucket;
        this.keys = new S3Keys(keyPrefix);
        this.timeout = timeout;
        this.requests = new S3Requests(s3, bucket, keys, timeout);
    }

    @Override
    public Read read(String name, @Nullable String known, int maxBytes) throws TierException {
        if (known == null || unconditional) {
            return get(name, null, maxBytes);
        }
        try {
            return get(name, known, maxBytes);
        } catch (TierException.Remote e) {
            if (!S3Failure.isUnsupported(e)) {
                throw e;
            }
            Read read = get(name, null, maxBytes);
            unconditional = true;
            return read;
        }
    }

    private Read get(String name, @Nullable String known, int maxBytes) throws TierException {
        try (ResponseInputStream<GetObjectResponse> body =
                s3.getObject(
                        request -> {
                            request.bucket(bucket)
                                    .key(keys.profile(name))
                                    .overrideConfiguration(o -> o.apiCallTimeout(timeout));
                            if (known != null) {
                                request.ifNoneMatch(known);
                            }
                        })) {
            byte[] document = body.readNBytes(maxBytes + 1);
            if (document.length > maxBytes) {
                body.abort();
                throw S3Failure.invalid(
                        "read profile %s: it has more than %d bytes".formatted(name, maxBytes));
            }
            return new Read.Found(document, body.response().eTag());
        } catch (SdkException e) {
            if (e instanceof S3Exception answer && answer.statusCode() == NOT_MODIFIED) {
                return new Read.Unchanged();
            }
            if (requests.isNotFound(e)) {
                return new Read.Absent();
            }
            throw S3Failure.of("read profile " + name, e);
        } catch (IOException e) {
            throw S3Failure.of("read profile " + name, e);
        }
    }

    @Override
    public @Nullable String write(String name, byte[] document, @Nullable String replaced)
            throws TierException {
        if (unconditional) {
            return put(name, document, request -> {});
        }
        try {
            return put(
                    name,
                    document,
                    request -> {
                        if (replaced != null) {
                            request.ifMatch(replaced);
                        } else {
                            request.ifNoneMatch("*");
                        }
                    });
        } catch (TierException.Remote e) {
            if (isOutdated(e, replaced)) {
                return null;
            }
            if (!S3Failure.isUnsupported(e)) {
                throw e;
            }
            String version = put(name, document, request -> {});
            unconditional = true;
            return version;
        }
    }

    private String put(String name, byte[] document, Consumer<PutObjectRequest.Builder> condition)
            throws TierException {
        try {
            return s3.putObject(
                            request -> {
                                request.bucket(bucket)
                                        .key(keys.profile(name))
                                        .overrideConfiguration(o -> o.apiCallTimeout(timeout));
                                condition.accept(request);
                            },
                            RequestBody.fromBytes(document))
                    .eTag();
        } catch (SdkException e) {
            throw S3Failure.of("write profile " + name, e);
        }
    }

    /** Whether the bucket has another version than the one to be replaced. */
    private static boolean isOutdated(TierException.Remote failure, @Nullable String replaced) {
        int status = S3Failure.status(failure);
        return status == S3Failure.PRECONDITION_FAILED
                || status == CONFLICT
                || (status == S3Failure.NOT_FOUND && replaced != null);
    }
}
