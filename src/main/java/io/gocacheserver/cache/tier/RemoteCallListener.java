package io.gocacheserver.cache.tier;

import org.jspecify.annotations.Nullable;

/** Is told of each call that a remote tier makes over the network. */
public interface RemoteCallListener {

    /** A call begins, in the thread that waits for it. */
    Call begin(String operation, @Nullable String key);

    interface Call {

        /** It is over, for a read when its answer has begun. */
        void end(@Nullable Throwable failure);
    }
}
