package io.gocacheserver.profile;

import java.util.concurrent.atomic.LongAdder;

/** Counts of reads and writes of profiles since the process started. */
public final class ProfileStatistics {

    private final LongAdder found = new LongAdder();
    private final LongAdder absent = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final LongAdder pushed = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Reads that were answered with a profile. */
    public long found() {
        return found.sum();
    }

    /** Reads of which no key was known. */
    public long absent() {
        return absent.sum();
    }

    /** Builds that were noted, each once for each of its keys. */
    public long written() {
        return written.sum();
    }

    /** Profiles sent to the remote tier. */
    public long pushed() {
        return pushed.sum();
    }

    /** Times that the remote tier could not be read or written. */
    public long failed() {
        return failed.sum();
    }

    void read(boolean wasFound) {
        (wasFound ? found : absent).increment();
    }

    void noted() {
        written.increment();
    }

    void push() {
        pushed.increment();
    }

    void fail() {
        failed.increment();
    }
}
