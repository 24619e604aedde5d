package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.RemoteDocuments;
import io.gocacheserver.cache.tier.TierException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Documents in a bucket, under {@code [prefix/]profile/xx/[name]}; versions are ETags. A change is a conditional PUT ({@code
 * If-Match}, {@code If-None-Match: *}); an S3 server that does not know these is written to without a condition, so that of
 * two changes at the same moment one may be lost.
 */
public final class S3Documents implements RemoteDocuments {

    private static final int NOT_MODIFIED = 304;
    private static final int CONFLICT = 409;

    private final S3Keys keys;
    private final Duration timeout;
    private final S3Requests requests;
    private volatile boolean unconditional;

    public S3Documents(S3Client s3, String bucket, String keyPrefix, Duration timeout) {
        this.keys = new S3Keys(keyPrefix);
        this.timeout = timeout;
        this.requests = new S3Requests(s3, bucket, keys, timeout);
    }

    @Override
    public Read read(String name, @Nullable String known, int maxBytes) throws TierException {
        try {
            return get(name, unconditional ? null : known, maxBytes);
        } catch (TierException.Remote e) {
            if (S3Failure.status(e) == NOT_MODIFIED) {
                return new Read.Unchanged();
            }
            if (unconditional || known == null || !S3Failure.isUnsupported(e)) {
                throw e;
            }
            Read read = get(name, null, maxBytes);
            unconditional = true;
            return read;
        }
    }

    private Read get(String name, @Nullable String known, int maxBytes) throws TierException {
        String what = "profile " + name;
        var found = requests.get(keys.profile(name), what, request -> request.ifNoneMatch(known));
        if (found.isEmpty()) {
            return new Read.Absent();
        }
        try (InputStream body = new S3Body(found.get())) {
            byte[] document = body.readNBytes(maxBytes + 1);
            if (document.length > maxBytes) {
                throw S3Failure.invalid(
                        "read %s: it has more than %d bytes".formatted(what, maxBytes));
            }
            return new Read.Found(document, found.get().response().eTag());
        } catch (IOException e) {
            throw S3Failure.of("read " + what, e);
        }
    }

    @Override
    public @Nullable String write(String name, byte[] document, @Nullable String replaced)
            throws TierException {
        if (!unconditional) {
            try {
                String absent = replaced == null ? "*" : null;
                return put(name, document, r -> r.ifMatch(replaced).ifNoneMatch(absent));
            } catch (TierException.Remote e) {
                if (isOutdated(e, replaced)) {
                    return null;
                }
                if (!S3Failure.isUnsupported(e)) {
                    throw e;
                }
            }
        }
        String version = put(name, document, request -> {});
        unconditional = true;
        return version;
    }

    private String put(String name, byte[] document, Consumer<PutObjectRequest.Builder> condition)
            throws TierException {
        RequestBody body = RequestBody.fromBytes(document);
        return requests.put(keys.profile(name), body, timeout, "profile " + name, condition);
    }

    private static boolean isOutdated(TierException.Remote failure, @Nullable String replaced) {
        int status = S3Failure.status(failure);
        return status == S3Failure.PRECONDITION_FAILED
                || status == CONFLICT
                || (status == S3Failure.NOT_FOUND && replaced != null);
    }
}
