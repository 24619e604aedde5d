package io.gocacheserver.disk;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time by which uses are ordered: Unix microseconds, but never the same twice, so that of a thousand objects put
 * within the same moment the last ones are still evicted last. Safe for many threads.
 */
final class UseClock {

    private static final long MICROS_PER_SECOND = 1_000_000;

    private final InstantSource clock;
    private final AtomicLong last;

    /**
     * @param last the latest time that was given so far, also if the clock stood elsewhere then
     */
    UseClock(InstantSource clock, long last) {
        this.clock = clock;
        this.last = new AtomicLong(last);
    }

    /** A time later than all that were given before. */
    long next() {
        long now = micros();
        return last.updateAndGet(before -> Math.max(before + 1, now));
    }

    /** The time of so long ago. */
    long before(Duration ago) {
        return micros() - ago.toSeconds() * MICROS_PER_SECOND;
    }

    /** How long ago a time was; zero if it is in the future. */
    Duration since(long micros) {
        return Duration.ofMillis(Math.max(0, micros() - micros) / 1000);
    }

    private long micros() {
        var now = clock.instant();
        return now.getEpochSecond() * MICROS_PER_SECOND + now.getNano() / 1000;
    }
}
