package io.gocacheserver.adapter.protocol;

/**
 * Keeps, for somebody outside this process, which requests are still to be answered. Positions are in the bytes of the
 * last read from the Go command. The reader's methods are called by one thread, the writer's under the writer's lock.
 */
public interface RequestLog {

    /** The reader looks for the next request: all that was read before {@code position} is done with. */
    void between(int position);

    /** A request was read, up to {@code position}; if a body follows, {@link #bodyBegun} comes next. */
    void taken(Request request, boolean bodyFollows, int position);

    /** The body's opening quote was read, which ends before {@code position}. */
    void bodyBegun(int position);

    /** The answer to {@code id} is about to be written. */
    void answering(long id);

    /** The answer to {@code id} was written. */
    void answered(long id);

    /** The answer to close comes next, and nothing after it. */
    void closing();
}
