package io.gocacheserver.disk.upkeep;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The time by which uses are ordered and ages counted, in Unix microseconds: the latest use that the index knows, and the
 * process's own uptime since. The computer's clock may be wrong or set: while it is ahead, this time runs twice as fast. So a
 * thing is never taken for older than twice the time for which the service has run since its last use.
 *
 * <p>No time is given twice. Safe for many threads.
 */
public final class UseClock {

    private static final long NANOS_PER_MICRO = 1000;

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private long now;
    private long nowNanos;
    private long last;

    /**
     * @param last the latest time that was given so far; 0 if there was none
     */
    public UseClock(InstantSource clock, LongSupplier nanoTime, long last) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.now = last > 0 ? last : micros(clock.instant());
        this.nowNanos = nanoTime.getAsLong();
        this.last = last;
    }

    /** A time later than all that were given before. */
    public synchronized long next() {
        last = Math.max(last + 1, now());
        return last;
    }

    long before(Duration ago) {
        return now() - ago.toMillis() * 1000;
    }

    public Duration since(long micros) {
        return Duration.of(Math.max(0, now() - micros), ChronoUnit.MICROS);
    }

    /** When that was, by the computer's clock as it stands now. */
    public Instant onTheClock(long micros) {
        return clock.instant().minus(since(micros));
    }

    private synchronized long now() {
        long elapsed = (nanoTime.getAsLong() - nowNanos) / NANOS_PER_MICRO;
        nowNanos += elapsed * NANOS_PER_MICRO;
        now += Math.clamp(micros(clock.instant()) - now, elapsed, 2 * elapsed);
        return now;
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / NANOS_PER_MICRO;
    }
}
