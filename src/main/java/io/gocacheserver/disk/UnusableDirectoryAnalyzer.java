package io.gocacheserver.disk;

import io.gocacheserver.disk.blobs.UnusableDirectoryException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do when the service cannot start for want of a usable directory. */
final class UnusableDirectoryAnalyzer extends AbstractFailureAnalyzer<UnusableDirectoryException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableDirectoryException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Name a directory that this service alone can write to: cache-server.disk.path, or"
                        + " CACHESERVER_DISK_PATH in the environment.",
                cause);
    }
}
