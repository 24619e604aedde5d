package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.TierException;

/** The outcome of one attempt to upload. */
public sealed interface UploadResult {

    record Done() implements UploadResult {}

    record Failed(Exception cause) implements UploadResult {

        public boolean isOutage() {
            return cause instanceof TierException.Remote remote && remote.isOutage();
        }
    }

    /** It will never work: the local tier no longer has the object, or has it damaged. */
    record Lost(String reason) implements UploadResult {}
}
