package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Speaks on stderr, which is the Go command's own, each line marked as the adapter's. What the user asked for is always
 * said. What went wrong is said to a person who watches, since programs that run the Go command may take any line for its
 * failure or its output; it is remembered in any case. A line is written whole, from whichever thread.
 *
 * @param err where to
 * @param verbose whether to trace requests
 * @param watched whether somebody watches; asked only when there is something to say
 * @param memory takes what went wrong
 * @param listener is told what sessions do, or null
 */
public record Reporter(
        PrintStream err,
        boolean verbose,
        BooleanSupplier watched,
        Consumer<String> memory,
        @Nullable SessionListener listener) {

    private static final String PREFIX = "go-cache-adapter: ";
    private static final String HINT = "; to find out why: go-cache-adapter doctor";

    /** The same, with somebody who is told what sessions do. */
    public Reporter listenedToBy(SessionListener other) {
        return new Reporter(err, verbose, watched, memory, other);
    }

    /** Says what the user asked for; callers build a message only if he did. */
    public void say(String message) {
        err.println(PREFIX + message);
    }

    /** Says what is of interest now to somebody who watches. */
    void mention(String message) {
        if (watched.getAsBoolean()) {
            say(message);
        }
    }

    /** Says what went wrong. */
    public void warn(String message) {
        remember(message);
        mention(message + HINT);
    }

    /** As {@link #warn}, when nobody reads any more. */
    void remember(String message) {
        memory.accept(message);
    }
}
