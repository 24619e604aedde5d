package io.gocacheserver.web;

import io.gocacheserver.wire.BulkFrame;

import java.util.concurrent.atomic.LongAdder;

/** Counts of bulk reads: answers since the process started, reads at this moment. */
public final class BulkStatistics {

    private final LongAdder[] frames = new LongAdder[BulkFrame.FAILED + 1];
    private final LongAdder running = new LongAdder();
    private final LongAdder cut = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    BulkStatistics() {
        for (int kind = 0; kind < frames.length; kind++) {
            frames[kind] = new LongAdder();
        }
    }

    /** Frames of one kind, as {@link BulkFrame} has them; of the ends, so many reads were answered in full. */
    public long frames(int kind) {
        return frames[kind].sum();
    }

    /** Bulk reads at this moment. */
    public long running() {
        return running.sum();
    }

    /** Answers that were not finished: the client hung up or was too slow, or an object could not be read to its end. */
    public long cut() {
        return cut.sum();
    }

    /** Requests refused since too many were running. */
    public long rejected() {
        return rejected.sum();
    }

    public void sent(int kind) {
        frames[kind].increment();
    }

    public void begin() {
        running.increment();
    }

    public void end() {
        running.decrement();
    }

    public void cutOff() {
        cut.increment();
    }

    public void reject() {
        rejected.increment();
    }
}
