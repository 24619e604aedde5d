package io.gocacheserver.disk.blobs;

import java.nio.file.Path;

/** The directory that is to hold the cache cannot be used. */
public final class UnusableDirectoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnusableDirectoryException(Path directory, String reason, Throwable cause) {
        super("The cache cannot use the directory %s: %s".formatted(directory, reason), cause);
    }
}
