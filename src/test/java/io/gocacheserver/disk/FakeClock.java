package io.gocacheserver.disk;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves when it is told to, and time that passes with it. */
public final class FakeClock implements InstantSource {

    private volatile Instant now;
    private volatile long nanos;

    public FakeClock(Instant start) {
        now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** So much time passes. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
    }

    /** The clock is set; no time passes. */
    synchronized void set(Instant instant) {
        now = instant;
    }

    /** What tells the time to a disk tier. */
    Clocks clocks() {
        return new Clocks(this, this::nanoTime);
    }

    public long nanoTime() {
        return nanos;
    }
}
