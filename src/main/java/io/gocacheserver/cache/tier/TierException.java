package io.gocacheserver.cache.tier;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** A tier failed. The message names the tier, what was attempted and on which key. */
public abstract sealed class TierException extends Exception {

    private static final long serialVersionUID = 1L;

    private TierException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public static final class LocalRead extends TierException {
        private static final long serialVersionUID = 1L;

        public LocalRead(String message, @Nullable Throwable cause) {
            super("[disk] " + message, cause);
        }
    }

    /** The disk could not be written: full, read-only, broken or gone. */
    public static final class LocalWrite extends TierException {
        private static final long serialVersionUID = 1L;

        public LocalWrite(String message, @Nullable Throwable cause) {
            super("[disk] " + message, cause);
        }
    }

    /** The remote tier refused, did not answer, or answered with something that is not valid. */
    public static final class Remote extends TierException {

        private static final long serialVersionUID = 1L;

        /** The kind of failure: whether the same will work later, or for another request. */
        public enum Kind {
            /** No connection, no answer in time, or the tier said that it failed itself: an outage. */
            UNAVAILABLE,
            THROTTLED,
            REFUSED, // it does not want this request: no permission, no such bucket
            INVALID
        }

        private final Kind kind;
        private final @Nullable Duration retryAfter;

        public Remote(Kind kind, String message, @Nullable Throwable cause) {
            this(kind, message, cause, null);
        }

        public Remote(
                Kind kind,
                String message,
                @Nullable Throwable cause,
                @Nullable Duration retryAfter) {
            super("[s3] " + message, cause);
            this.kind = kind;
            this.retryAfter = retryAfter;
        }

        public Kind kind() {
            return kind;
        }

        /** How long not to try again; null if it is not known. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }

        /** Whether it says something of the tier as a whole, rather than of this one request. */
        public boolean isOutage() {
            return switch (kind) {
                case UNAVAILABLE, THROTTLED -> true;
                case REFUSED, INVALID -> false;
            };
        }
    }
}
