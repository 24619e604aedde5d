package io.gocacheserver.adapter.disk;

import java.io.IOException;

/** The local cache directory cannot be written. */
public final class LocalDiskException extends IOException {

    LocalDiskException(String path, IOException cause) {
        super("cannot write " + path + ": " + cause.getMessage(), cause);
    }
}
