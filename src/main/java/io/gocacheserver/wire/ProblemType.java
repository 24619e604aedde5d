package io.gocacheserver.wire;

/**
 * All errors: name, HTTP status, and the stable {@code type} of its RFC 9457 problem details. Names, statuses and types are
 * part of the contract; titles are for people.
 */
public enum ProblemType {
    MISS(404, "miss", "Not in the cache"),
    BAD_REQUEST(400, "bad-request", "The request cannot be understood"),
    BAD_ID(400, "bad-id", "An ID is 4 to 1000 lower-case hex characters, an even number of them"),
    UNAUTHORIZED(401, "unauthorized", "A valid token is needed"),
    FORBIDDEN(403, "forbidden", "The token does not allow this"),
    NOT_FOUND(404, "not-found", "No such resource"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "The resource does not know this method"),
    REQUEST_TIMEOUT(408, "request-timeout", "The request's body did not arrive in time"),
    OBJECT_MISSING(409, "object-missing", "The cache does not have this object: send it first"),
    LENGTH_REQUIRED(411, "length-required", "A Put needs a Content-Length"),
    TOO_LARGE(413, "too-large", "The body is larger than the service accepts"),
    UNSUPPORTED_CODING(415, "unsupported-coding", "An object comes as it is, or as one zstd frame"),
    RANGE_NOT_SATISFIABLE(416, "range-not-satisfiable", "The object has no such bytes"),
    BODY_MISMATCH(422, "body-mismatch", "The body is not what its output ID announces"),
    TOO_MANY_REQUESTS(429, "too-many-requests", "The token has used up what it may take"),
    QUOTA_EXCEEDED(429, "quota-exceeded", "The namespace has all that it may have"),
    INTERNAL_ERROR(500, "internal-error", "The service failed"),
    DISK_ERROR(500, "disk-error", "The cache's disk cannot be read"),
    S3_ERROR(502, "s3-error", "S3 failed"),
    BUSY(503, "busy", "The service is too busy"),
    DISK_FULL(507, "disk-full", "The cache's disk cannot be written");

    private static final String PREFIX = "urn:go-cache-server:problem:";

    private final int status;
    private final String slug;
    private final String title;

    ProblemType(int status, String slug, String title) {
        this.status = status;
        this.slug = slug;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String type() {
        return PREFIX + slug;
    }

    public String title() {
        return title;
    }
}
