package io.gocacheserver.adapter.resident;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;

/** Serves Go commands, any number at once, and knows what it did for them together. */
public interface SessionHost {

    /**
     * The Go command of a session.
     *
     * @param build the command, as far as it is known
     * @param watched whether a person watches it on a terminal
     */
    record Origin(GoInvocation build, boolean watched) {}

    /** Finds out whether a session with these options can be served. Fails if it cannot. */
    void check(Options options) throws IOException;

    /**
     * Serves one Go command to its end, and then waits for its uploads and cleans up behind it.
     *
     * @param origin whose it is
     * @param greeted whether the protocol's first line was sent already
     * @param err what the user sees
     * @param over run when the Go command needs nothing more
     */
    void serve(
            Options options,
            Origin origin,
            RequestReader requests,
            ResponseWriter responses,
            boolean greeted,
            PrintStream err,
            Runnable over);

    /**
     * Waits for all sessions and uploads, and cancels those left. Says what was done since the start.
     *
     * @param timeout longest wait
     */
    WorkReport end(Duration timeout);
}
