package io.gocacheserver.adapter.session;

import java.io.PrintStream;

/**
 * Speaks to the user on stderr, each line marked as the adapter's, since it appears among the Go command's own.
 *
 * @param err where to
 * @param verbose whether to trace requests
 */
public record Reporter(PrintStream err, boolean verbose) {

    private static final String PREFIX = "go-cache-adapter: ";

    /** Says what the user should know in any case. */
    public void warn(String message) {
        err.println(PREFIX + message);
    }

    /** Says what was asked for with {@code --verbose}; callers build the message only if that is set. */
    void trace(String message) {
        err.println(PREFIX + message);
    }
}
