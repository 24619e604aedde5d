package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.TierException.Remote.Kind;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

import java.io.IOException;

/**
 * The meaning of an exception. A key that is not there is 404, whatever the body says, unless it says that the bucket is
 * not there. Kinds of failure:
 *
 * <pre>
 * no connection, no answer in time, 408, 5xx but 501 UNAVAILABLE
 * 503 (S3 says SlowDown with it), 429                THROTTLED
 * any other answer                                   REFUSED
 * an answer that makes no sense                      INVALID
 * </pre>
 */
final class S3Failure {

    static final int BAD_REQUEST = 400;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int PRECONDITION_FAILED = 412;
    static final int NOT_IMPLEMENTED = 501;

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

    static boolean isNoSuchKey(Exception cause) {
        return cause instanceof AwsServiceException answer
                && answer.statusCode() == NOT_FOUND
                && !code(answer).equals("NoSuchBucket");
    }

    static boolean isForbidden(Exception cause) {
        return cause instanceof AwsServiceException answer && answer.statusCode() == FORBIDDEN;
    }

    /** Whether the server may not know something of the request, so that it may take it without. */
    static boolean isUnsupported(TierException.Remote failure) {
        int status = status(failure);
        return status == NOT_IMPLEMENTED
                || status == METHOD_NOT_ALLOWED
                || (status == BAD_REQUEST && failure.kind() == Kind.REFUSED);
    }

    static int status(TierException.Remote failure) {
        return failure.getCause() instanceof AwsServiceException answer ? answer.statusCode() : 0;
    }

    /** S3's name of the error; empty where the body does not say. */
    static String code(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private static Kind kind(AwsServiceException answer) {
        int status = answer.statusCode();
        if (status == SERVICE_UNAVAILABLE || status == TOO_MANY_REQUESTS) {
            return Kind.THROTTLED;
        }
        if (status == NOT_IMPLEMENTED) {
            return Kind.REFUSED;
        }
        return isTimeout(answer) || status >= INTERNAL_ERROR ? Kind.UNAVAILABLE : Kind.REFUSED;
    }

    /** S3 says 400 RequestTimeout when the body of a PUT comes too slowly. */
    private static boolean isTimeout(AwsServiceException answer) {
        return answer.statusCode() == REQUEST_TIMEOUT || code(answer).equals("RequestTimeout");
    }
}
