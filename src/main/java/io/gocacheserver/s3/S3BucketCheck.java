package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.TierException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * Tries a bucket: writes a small object, the first time and whenever it cannot be read, and reads it. Its key lies among
 * those of profiles, so that credentials for the service's own prefix are enough, and go-cache-plugin never sees it.
 */
final class S3BucketCheck {

    private static final byte[] CONTENT =
            "go-cache-server looks here whether it can write and read\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final Duration KEEP = Duration.ofSeconds(10);

    private final S3Client s3;
    private final String bucket;
    private final String key;
    private final Duration timeout;
    private final S3Advice advice;
    private volatile boolean written;
    private boolean readable;
    private @Nullable Long readableSince;

    /**
     * @param timeout for each request, retries included
     */
    S3BucketCheck(S3Client s3, String bucket, S3Keys keys, Duration timeout) {
        this.s3 = s3;
        this.bucket = bucket;
        this.key = keys.check();
        this.timeout = timeout;
        this.advice = new S3Advice(s3, bucket, keys.prefix());
    }

    /**
     * Tries it.
     *
     * @throws TierException saying what is wrong and what to do
     */
    void run() throws TierException {
        if (written && read()) {
            return;
        }
        write();
        if (!read()) {
            throw advice.unreadable();
        }
    }

    /**
     * Whether reading was allowed a few seconds ago. S3 says 403 also for a key that is not there, to a client that may not
     * list the bucket: so where reading is allowed, 403 means that.
     */
    synchronized boolean isReadable() {
        long now = System.nanoTime();
        if (readableSince == null || now - readableSince > KEEP.toNanos()) {
            try {
                run();
                readable = true;
            } catch (TierException e) {
                readable = false;
            }
            readableSince = System.nanoTime();
        }
        return readable;
    }

    private void write() throws TierException {
        try {
            written = false;
            s3.putObject(
                    request ->
                            request.bucket(bucket)
                                    .key(key)
                                    .overrideConfiguration(o -> o.apiCallTimeout(timeout)),
                    RequestBody.fromBytes(CONTENT));
            written = true;
        } catch (SdkException e) {
            throw advice.of("write", e);
        }
    }

    /** Returns false if it is not there, or reading it is not allowed. */
    private boolean read() throws TierException {
        try (InputStream body =
                new S3Body(
                        s3.getObject(
                                request ->
                                        request.bucket(bucket)
                                                .key(key)
                                                .overrideConfiguration(
                                                        o -> o.apiCallTimeout(timeout))))) {
            if (Arrays.equals(body.readNBytes(CONTENT.length + 1), CONTENT)) {
                return true;
            }
            throw advice.notS3();
        } catch (S3Exception e) {
            if (e.statusCode() == S3Failure.NOT_FOUND || e.statusCode() == S3Failure.FORBIDDEN) {
                return false;
            }
            throw advice.of("read", e);
        } catch (SdkException | IOException e) {
            throw advice.of("read", e);
        }
    }
}
