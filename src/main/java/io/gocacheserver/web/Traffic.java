package io.gocacheserver.web;

import java.util.concurrent.atomic.LongAdder;

/** The bytes of objects on the wire since the process started, headers left out. */
public final class Traffic {

    private final LongAdder in = new LongAdder();
    private final LongAdder out = new LongAdder();
    private final LongAdder saved = new LongAdder();

    /** Bytes taken from clients. */
    public long in() {
        return in.sum();
    }

    /** Bytes sent to clients. */
    public long out() {
        return out.sum();
    }

    /** Bytes that did not have to be sent, since objects were sent compressed. */
    public long saved() {
        return saved.sum();
    }

    void taken(long bytes) {
        in.add(bytes);
    }

    /**
     * Counts an answer.
     *
     * @param bytes sent
     * @param decoded what they are without their content coding
     */
    void sent(long bytes, long decoded) {
        out.add(bytes);
        if (decoded > bytes) {
            saved.add(decoded - bytes);
        }
    }
}
