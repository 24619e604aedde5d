package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.TierException.Remote.Kind;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.net.URI;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;

/**
 * Says what to do about a bucket that cannot be used. Failures that settings cause are of the kind REFUSED or INVALID;
 * outages, which pass by themselves, are UNAVAILABLE or THROTTLED.
 */
final class S3Advice {

    private static final String ENDPOINT = "spring.cloud.aws.s3.endpoint";
    private static final String CREDENTIALS =
            "spring.cloud.aws.credentials.access-key and .secret-key, or the AWS_ variables";

    private final S3Client s3;
    private final String bucket;
    private final String prefix;

    /**
     * @param prefix what all keys begin with
     */
    S3Advice(S3Client s3, String bucket, String prefix) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /**
     * A request that tried the bucket has failed.
     *
     * @param verb read or write
     */
    TierException.Remote of(String verb, Exception cause) {
        String wrong = wrongSetting(verb, cause);
        if (wrong != null) {
            return new TierException.Remote(Kind.REFUSED, cannotUse() + wrong, cause);
        }
        return new TierException.Remote(
                S3Failure.kind(cause),
                "S3%s does not work: %s. Gets are still answered from disk, and uploads wait. If S3 has never worked, correct %s"
                        .formatted(at(), cause.getMessage(), ENDPOINT),
                cause);
    }

    /** The object that was written cannot be read. */
    TierException.Remote unreadable() {
        return new TierException.Remote(
                Kind.REFUSED,
                cannotUse()
                        + "what was written there cannot be read: allow s3:GetObject for %s/%s*"
                                .formatted(bucket, prefix),
                null);
    }

    /** The object that is read is not the one that was written. */
    TierException.Remote notS3() {
        return new TierException.Remote(
                Kind.INVALID,
                cannotUse()
                        + "what is read is not what was written; is %s that of an S3 server?"
                                .formatted(ENDPOINT),
                null);
    }

    private @Nullable String wrongSetting(String verb, Exception cause) {
        if (cause instanceof S3Exception answer) {
            return wrongSetting(verb, answer);
        }
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
        int status = answer.statusCode();
        String code = S3Failure.code(answer);
        return switch (code) {
            case "NoSuchBucket" -> noBucket();
            case "SignatureDoesNotMatch" ->
                    "the secret key is not that of the access key; correct " + CREDENTIALS;
            case "InvalidAccessKeyId", "InvalidToken" ->
                    "S3 does not know the access key; correct " + CREDENTIALS;
            case "ExpiredToken", "TokenRefreshRequired" ->
                    "the credentials have expired; renew them, or use a role that renews them";
            case "RequestTimeTooSkewed" -> "this machine's clock is wrong; set it";
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException" ->
                    otherRegion(answer);
            default ->
                    switch (status) {
                        case S3Failure.NOT_FOUND -> noBucket();
                        case S3Failure.FORBIDDEN -> notAllowed(verb);
                        default -> otherStatus(answer);
                    };
        };
    }

    private @Nullable String otherStatus(S3Exception answer) {
        int status = answer.statusCode();
        if (status / 100 == 3) {
            return otherRegion(answer);
        }
        return S3Failure.kind(answer) == Kind.REFUSED
                ? "it answered %d %s; is %s that of an S3 server?"
                        .formatted(status, S3Failure.code(answer), ENDPOINT)
                : null;
    }

    private String noBucket() {
        return "there is no such bucket; create it, or correct cache-server.s3.bucket or "
                + ENDPOINT;
    }

    private String notAllowed(String verb) {
        return "its credentials may not %s: allow s3:GetObject and s3:PutObject for %s/%s*, and s3:ListBucket if possible; or correct %s"
                .formatted(verb, bucket, prefix, CREDENTIALS);
    }

    private static String otherRegion(S3Exception answer) {
        String region =
                answer.awsErrorDetails() == null
                                || answer.awsErrorDetails().sdkHttpResponse() == null
                        ? ""
                        : answer.awsErrorDetails()
                                .sdkHttpResponse()
                                .firstMatchingHeader("x-amz-bucket-region")
                                .map(name -> " to " + name)
                                .orElse("");
        return "it is in another region; set AWS_REGION or spring.cloud.aws.region.static%s (%s)"
                .formatted(region, answer.getMessage());
    }

    private String cannotUse() {
        return "the bucket %s%s cannot be used: ".formatted(bucket, at());
    }

    private String at() {
        URI endpoint = s3.serviceClientConfiguration().endpointOverride().orElse(null);
        return endpoint == null ? "" : " at " + endpoint;
    }
}
