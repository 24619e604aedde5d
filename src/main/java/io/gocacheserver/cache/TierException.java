package io.gocacheserver.cache;

import org.jspecify.annotations.Nullable;

/** A tier failed. The message names the tier, what was attempted and on which key. */
public abstract sealed class TierException extends Exception {

    private static final long serialVersionUID = 1L;

    private TierException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The disk could not be read. */
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

        public Remote(String message, @Nullable Throwable cause) {
            super("[s3] " + message, cause);
        }
    }
}
