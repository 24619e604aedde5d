package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;

/**
 * Speaks to the user on stderr, each line marked as the adapter's, since it appears among the Go command's own. A line is
 * written whole, from whichever thread.
 *
 * @param err where to
 * @param verbose whether to trace requests
 * @param listener is told what sessions do, or null
 */
public record Reporter(PrintStream err, boolean verbose, @Nullable SessionListener listener) {

    private static final String PREFIX = "go-cache-adapter: ";

    /** A reporter of one that nobody listens to. */
    public Reporter(PrintStream err, boolean verbose) {
        this(err, verbose, null);
    }

    /** Says what the user should know in any case, or has asked for. */
    public void warn(String message) {
        err.println(PREFIX + message);
    }

    /** Says what was asked for with {@code --verbose}; callers build the message only if that is set. */
    void trace(String message) {
        err.println(PREFIX + message);
    }
}
