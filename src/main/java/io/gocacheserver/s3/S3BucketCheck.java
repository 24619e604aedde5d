package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.TierException.Remote.Kind;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

import javax.net.ssl.SSLException;

/**
 * Tries a bucket: writes a small object, the first time and whenever it cannot be read, and reads it. Its key lies among
 * those of profiles, so that credentials for the service's own prefix are enough, and go-cache-plugin never sees it. Says
 * what to do where it cannot be used: failures that settings cause are of the kind REFUSED or INVALID; outages, which pass by
 * themselves, are UNAVAILABLE or THROTTLED.
 */
final class S3BucketCheck {

    private static final byte[] CONTENT =
            "go-cache-server looks here whether it can write and read\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final Duration KEEP = Duration.ofSeconds(10);
    private static final String ENDPOINT = "spring.cloud.aws.s3.endpoint";
    private static final String CREDENTIALS =
            "spring.cloud.aws.credentials.access-key and .secret-key, or the AWS_ variables";

    private final S3Client s3;
    private final String bucket;
    private final String prefix;
    private final String key;
    private final Duration timeout;
    private volatile boolean written;
    private boolean readable;
    private @Nullable Long readableSince;

    S3BucketCheck(S3Client s3, String bucket, S3Keys keys, Duration timeout) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = keys.prefix();
        this.key = keys.check();
        this.timeout = timeout;
    }

    void run() throws TierException {
        if (written && read()) {
            return;
        }
        write();
        if (!read()) {
            throw cannotUse(
                    Kind.REFUSED,
                    "what was written there cannot be read: allow s3:GetObject for %s/%s*"
                            .formatted(bucket, prefix),
                    null);
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
            var request = PutObjectRequest.builder().bucket(bucket).key(key);
            request.overrideConfiguration(S3Requests.within(timeout));
            s3.putObject(request.build(), RequestBody.fromBytes(CONTENT));
            written = true;
        } catch (SdkException e) {
            throw failure("write", e);
        }
    }

    private boolean read() throws TierException {
        var request = GetObjectRequest.builder().bucket(bucket).key(key);
        request.overrideConfiguration(S3Requests.within(timeout));
        try (InputStream body = new S3Body(s3.getObject(request.build()))) {
            if (Arrays.equals(body.readNBytes(CONTENT.length + 1), CONTENT)) {
                return true;
            }
        } catch (SdkException | IOException e) {
            if (e instanceof S3Exception answer
                    && (answer.statusCode() == S3Failure.NOT_FOUND || S3Failure.isForbidden(e))) {
                return false;
            }
            throw failure("read", e);
        }
        throw cannotUse(
                Kind.INVALID,
                "what is read is not what was written; is %s that of an S3 server?"
                        .formatted(ENDPOINT),
                null);
    }

    private TierException.Remote failure(String verb, Exception cause) {
        String wrong =
                cause instanceof S3Exception answer
                        ? wrongSetting(verb, answer)
                        : wrongSetting(cause);
        return wrong != null
                ? cannotUse(Kind.REFUSED, wrong, cause)
                : new TierException.Remote(
                        S3Failure.kind(cause),
                        "S3%s does not work: %s. Gets are still answered from disk, and uploads wait. If S3 has never worked, correct %s"
                                .formatted(at(), cause.getMessage(), ENDPOINT),
                        cause);
    }

    private static @Nullable String wrongSetting(Exception cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("credentials")) {
            return "there are no credentials; set " + CREDENTIALS + " (" + message + ")";
        }
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof UnknownHostException) {
                return "there is no host %s; correct %s".formatted(each.getMessage(), ENDPOINT);
            }
            if (each instanceof SSLException) {
                return "TLS failed: %s; correct %s (http or https), or trust its certificate"
                        .formatted(each.getMessage(), ENDPOINT);
            }
        }
        return null;
    }

    private @Nullable String wrongSetting(String verb, S3Exception answer) {
        String code = S3Failure.code(answer);
        int status = answer.statusCode();
        switch (code) {
            case "SignatureDoesNotMatch" -> {
                return "the secret key is not that of the access key; correct " + CREDENTIALS;
            }
            case "InvalidAccessKeyId", "InvalidToken" -> {
                return "S3 does not know the access key; correct " + CREDENTIALS;
            }
            case "ExpiredToken", "TokenRefreshRequired" -> {
                return "the credentials have expired; renew them, or use a role that renews them";
            }
            case "RequestTimeTooSkewed" -> {
                return "this machine's clock is wrong; set it";
            }
            default -> {}
        }
        if (status / 100 == 3
                || code.equals("AuthorizationHeaderMalformed")
                || code.equals("IllegalLocationConstraintException")) {
            return "it is in another region; set AWS_REGION or spring.cloud.aws.region.static%s (%s)"
                    .formatted(region(answer), answer.getMessage());
        }
        if (status == S3Failure.NOT_FOUND) {
            return "there is no such bucket; create it, or correct cache-server.s3.bucket or "
                    + ENDPOINT;
        }
        if (status == S3Failure.FORBIDDEN) {
            return "its credentials may not %s: allow s3:GetObject and s3:PutObject for %s/%s*, and s3:ListBucket if possible; or correct %s"
                    .formatted(verb, bucket, prefix, CREDENTIALS);
        }
        return S3Failure.kind(answer) == Kind.REFUSED
                ? "it answered %d %s; is %s that of an S3 server?".formatted(status, code, ENDPOINT)
                : null;
    }

    private static String region(S3Exception answer) {
        return Optional.ofNullable(answer.awsErrorDetails())
                .map(AwsErrorDetails::sdkHttpResponse)
                .flatMap(http -> http.firstMatchingHeader("x-amz-bucket-region"))
                .map(name -> " to " + name)
                .orElse("");
    }

    private TierException.Remote cannotUse(Kind kind, String why, @Nullable Exception cause) {
        return new TierException.Remote(
                kind, "the bucket %s%s cannot be used: %s".formatted(bucket, at(), why), cause);
    }

    private String at() {
        return s3.serviceClientConfiguration()
                .endpointOverride()
                .map(endpoint -> " at " + endpoint)
                .orElse("");
    }
}
