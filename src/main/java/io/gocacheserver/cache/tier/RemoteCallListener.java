package io.gocacheserver.cache.tier;

import org.jspecify.annotations.Nullable;

/** Is told of each call that a remote tier makes over the network. */
public interface RemoteCallListener {

    /**
     * A call begins, in the thread that waits for it.
     *
     * @param operation in the words of the remote store
     * @param key that it is about, or null
     */
    Call begin(String operation, @Nullable String key);

    interface Call {

        /**
         * It is over, for a read when its answer has begun.
         *
         * @param failure why it failed, or null
         */
        void end(@Nullable Throwable failure);
    }
}
