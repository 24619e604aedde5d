package io.gocacheserver.adapter.remote;

import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

/** A cache beyond this machine. Neither method throws: whatever goes wrong there, the build goes on. */
public interface RemoteCache {

    /** Asks for an action's object and stores it on local disk. Blocks. */
    FetchResult fetch(ActionId action);

    /** Sends an object. Blocks. */
    UploadResult upload(Upload upload);

    /** What the user should know at the end of the session beyond the failures, in one line; or null. */
    default @Nullable String remark() {
        return null;
    }

    /** Whether it has cost this build so much that the build does not wait for it any more, nor for uploads at its end. */
    default boolean isGivenUp() {
        return false;
    }
}
