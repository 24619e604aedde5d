package io.gocacheserver.profile;

import java.util.concurrent.atomic.LongAdder;

/** Counts since the process started: reads with and without a profile, builds noted (once for each key), profiles sent to the remote tier, failures of that. */
public record ProfileStatistics(
        LongAdder found, LongAdder absent, LongAdder written, LongAdder pushed, LongAdder failed) {

    ProfileStatistics() {
        this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
}
