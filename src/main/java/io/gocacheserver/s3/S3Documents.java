package io.gocacheserver.s3;

import io.gocacheserver.cache.RemoteDocuments;
import io.gocacheserver.cache.TierException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.IOException;
import java.time.Duration;

/**
 * Documents in a bucket, under {@code [prefix/]profile/xx/[name]}; versions are ETags. A change is a conditional PUT
 * ({@code If-Match}, {@code If-None-Match: *}); an S3 server that does not know these is written to without a condition,
 * so that of two changes at the same moment one may be lost.
 */
public final class S3Documents implements RemoteDocuments {

    private static final int NOT_MODIFIED = 304;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_IMPLEMENTED = 501;

    private final S3Client s3;
    private final String bucket;
    private final S3Keys keys;
    private final Duration timeout;
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
    }

    @Override
    public Read read(String name, @Nullable String known, int maxBytes) throws TierException {
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
        } catch (NoSuchKeyException e) {
            return new Read.Absent();
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_MODIFIED) {
                return new Read.Unchanged();
            }
            throw S3Failure.of("read profile " + name, e);
        } catch (SdkException | IOException e) {
            throw S3Failure.of("read profile " + name, e);
        }
    }

    @Override
    public @Nullable String write(String name, byte[] document, @Nullable String replaced)
            throws TierException {
        try {
            return put(name, document, replaced, !unconditional);
        } catch (S3Exception e) {
            int status = e.statusCode();
            if (status == PRECONDITION_FAILED
                    || status == CONFLICT
                    || (status == NOT_FOUND && replaced != null)) {
                return null;
            }
            if (status == NOT_IMPLEMENTED && !unconditional) {
                unconditional = true;
                return write(name, document, replaced);
            }
            throw S3Failure.of("write profile " + name, e);
        } catch (SdkException e) {
            throw S3Failure.of("write profile " + name, e);
        }
    }

    private String put(
            String name, byte[] document, @Nullable String replaced, boolean conditional) {
        PutObjectResponse answer =
                s3.putObject(
                        request -> {
                            request.bucket(bucket)
                                    .key(keys.profile(name))
                                    .overrideConfiguration(o -> o.apiCallTimeout(timeout));
                            if (conditional && replaced != null) {
                                request.ifMatch(replaced);
                            } else if (conditional) {
                                request.ifNoneMatch("*");
                            }
                        },
                        RequestBody.fromBytes(document));
        return answer.eTag();
    }
}
