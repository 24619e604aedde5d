package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Writes to stderr, which is the Go command's, whole lines marked as the adapter's. Output that the user asked for is always
 * written. Failures are written only where a person watches, since programs that run the Go command may take any line for its
 * failure or its output; {@code memory} takes them in any case.
 */
public record Reporter(
        PrintStream err,
        boolean verbose,
        BooleanSupplier watched,
        Consumer<String> memory,
        @Nullable Consumer<SessionReport> statistics) {

    private static final String PREFIX = "go-cache-adapter: ";
    private static final String HINT = "; to find out why: go-cache-adapter doctor";

    public Reporter tellingTo(Consumer<SessionReport> other) {
        return new Reporter(err, verbose, watched, memory, other);
    }

    void ended(SessionReport report) {
        if (statistics != null) {
            statistics.accept(report);
        }
    }

    /** Writes output that the user asked for; callers build a message only then. */
    public void say(String message) {
        err.println(PREFIX + message);
    }

    /** Writes a message that is of interest to a person who watches. */
    void mention(String message) {
        if (watched.getAsBoolean()) {
            say(message);
        }
    }

    /** Reports a failure. */
    public void warn(String message) {
        remember(message);
        mention(message + HINT);
    }

    /** As {@link #warn}, when stderr is closed already. */
    void remember(String message) {
        memory.accept(message);
    }
}
