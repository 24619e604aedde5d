package io.gocacheserver.adapter.disk;

import java.io.IOException;

/** The local cache directory cannot be written. */
public final class LocalDiskException extends IOException {

    LocalDiskException(String path, IOException cause) {
        super("cannot write " + path + ": " + reason(cause), cause);
    }

    LocalDiskException(LocalDiskException first, String substitute, IOException cause) {
        super(first.getMessage() + "; nor " + substitute + ": " + reason(cause), cause);
    }

    private static String reason(IOException cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
