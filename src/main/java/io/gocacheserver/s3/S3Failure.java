package io.gocacheserver.s3;

import io.gocacheserver.cache.TierException;
import io.gocacheserver.cache.TierException.Remote.Kind;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

import java.io.IOException;

/**
 * Which kind of failure an exception stands for:
 *
 * <pre>
 * no connection, no answer in time, 5xx, 408         UNAVAILABLE
 * 503 (S3 says SlowDown with it), 429                THROTTLED
 * any other 4xx                                      REFUSED
 * an answer that makes no sense                      INVALID
 * </pre>
 */
final class S3Failure {

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int INTERNAL_ERROR = 500;
    private static final int SERVICE_UNAVAILABLE = 503;

    private S3Failure() {}

    static TierException.Remote of(String what, Exception cause) {
        return new TierException.Remote(kind(cause), what + ": " + cause.getMessage(), cause);
    }

    static TierException.Remote invalid(String message) {
        return new TierException.Remote(Kind.INVALID, message, null);
    }

    static Kind kind(Exception cause) {
        return switch (cause) {
            case AwsServiceException answer -> kind(answer);
            case SdkException noAnswer -> Kind.UNAVAILABLE;
            case IOException brokenAnswer -> Kind.UNAVAILABLE;
            default -> Kind.INVALID;
        };
    }

    private static Kind kind(AwsServiceException answer) {
        int status = answer.statusCode();
        if (status == SERVICE_UNAVAILABLE || status == TOO_MANY_REQUESTS) {
            return Kind.THROTTLED;
        }
        return isTimeout(answer) || status >= INTERNAL_ERROR ? Kind.UNAVAILABLE : Kind.REFUSED;
    }

    /** S3 says 400 RequestTimeout when the body of a PUT comes too slowly. */
    private static boolean isTimeout(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return answer.statusCode() == REQUEST_TIMEOUT
                || (details != null && "RequestTimeout".equals(details.errorCode()));
    }
}
