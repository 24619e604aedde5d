package io.gocacheserver.adapter.zstd;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** A body in the content coding zstd is not one whole zstd frame. */
public final class BrokenFrameException extends IOException {

    BrokenFrameException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
