package io.gocacheserver.profile;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of reads and writes of profiles since the process started.
 *
 * @param found reads that were answered with a profile
 * @param absent reads of which no key was known
 * @param written builds that were noted, each once for each of its keys
 * @param pushed profiles sent to the remote tier
 * @param failed times that the remote tier could not be read or written
 */
public record ProfileStatistics(
        LongAdder found, LongAdder absent, LongAdder written, LongAdder pushed, LongAdder failed) {

    ProfileStatistics() {
        this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
}
