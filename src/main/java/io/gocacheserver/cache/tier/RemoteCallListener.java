package io.gocacheserver.cache.tier;

import org.jspecify.annotations.Nullable;

/** Is told of each call that a remote tier makes over the network. */
public interface RemoteCallListener {

    Call begin(String operation, @Nullable String key);

    interface Call {

        void end(@Nullable Throwable failure);
    }
}
