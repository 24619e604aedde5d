package io.gocacheserver.security.tokens;

import io.gocacheserver.wire.ProblemType;

/** A request is refused. The message is for its sender, and has no secret; 0 seconds say nothing of another try. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public enum Reason {
        NO_TOKEN(ProblemType.UNAUTHORIZED),
        INVALID_TOKEN(ProblemType.UNAUTHORIZED),
        ISSUER_UNAVAILABLE(ProblemType.BUSY),
        FORBIDDEN(ProblemType.FORBIDDEN),
        LIMIT(ProblemType.TOO_MANY_REQUESTS),
        TOO_LARGE(ProblemType.TOO_LARGE);

        private final ProblemType type;

        Reason(ProblemType type) {
            this.type = type;
        }

        public ProblemType type() {
            return type;
        }
    }

    private final Reason reason;
    private final int retrySeconds;

    public RefusedException(Reason reason, String message) {
        this(reason, message, 0);
    }

    public RefusedException(Reason reason, String message, int retrySeconds) {
        super(message, null, false, false);
        this.reason = reason;
        this.retrySeconds = retrySeconds;
    }

    public Reason reason() {
        return reason;
    }

    public int retrySeconds() {
        return retrySeconds;
    }
}
