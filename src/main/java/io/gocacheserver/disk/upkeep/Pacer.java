package io.gocacheserver.disk.upkeep;

import io.gocacheserver.disk.blobs.ObjectCheck;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Keeps background reading at a rate: a reader that reports how much it has read waits while that was too much. */
public final class Pacer implements ObjectCheck.Pace<InterruptedException> {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long MIN_PAUSE_NANOS = 20_000_000;

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;
    private long next;

    public interface Sleeper {
        void sleep(Duration duration) throws InterruptedException;
    }

    public Pacer(long bytesPerSecond, LongSupplier nanoTime, Sleeper sleeper) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        this.next = nanoTime.getAsLong();
    }

    @Override
    public void read(long bytes) throws InterruptedException {
        long now = nanoTime.getAsLong();
        next = Math.max(next, now) + bytes * NANOS_PER_SECOND / bytesPerSecond;
        if (next - now >= MIN_PAUSE_NANOS) {
            sleeper.sleep(Duration.ofNanos(next - now));
        }
    }
}
