package io.gocacheserver.adapter.remote.access;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Stops asking a service that does not work. After {@code threshold} failures in a row it lets nothing pass for a
 * while, then one probe: when that succeeds all pass again, when it fails the next pause is twice as long, up to eight
 * times the first.
 */
public final class CircuitBreaker {

    private static final int MAX_PAUSE_FACTOR = 8;

    private final int threshold;
    private final long pauseNanos;
    private final LongSupplier nanoTime;

    private int failures;
    private int pauseFactor;
    private long blockedUntil;
    private boolean open;
    private boolean probing;
    private boolean paused;

    /**
     * @param threshold failures in a row that open it
     * @param pause how long nothing passes the first time
     * @param nanoTime as {@link System#nanoTime()}
     */
    public CircuitBreaker(int threshold, Duration pause, LongSupplier nanoTime) {
        this.threshold = threshold;
        this.pauseNanos = pause.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether a request may be made; if so, {@link #succeeded} or {@link #failed} must follow. */
    public synchronized boolean tryPass() {
        if (!open) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (now - blockedUntil < 0) {
            return false;
        }
        probing = true;
        // If the outcome of the probe is never reported, another one follows after the next pause.
        blockedUntil = now + Math.max(1, pauseFactor) * pauseNanos;
        return true;
    }

    /** Whether {@link #tryPass} would let a request through now. */
    public synchronized boolean isPassable() {
        return !open || nanoTime.getAsLong() - blockedUntil >= 0;
    }

    /** The service answered. */
    public synchronized void succeeded() {
        if (paused && !probing) {
            return; // under way when the service asked to be left alone
        }
        failures = 0;
        pauseFactor = 0;
        open = false;
        probing = false;
        paused = false;
    }

    /** The service asks to be left alone for a while. */
    public synchronized void pause(Duration duration) {
        failures++;
        blockedUntil = nanoTime.getAsLong() + duration.toNanos();
        open = true;
        probing = false;
        paused = true;
    }

    /** Whether nothing passes but probes. */
    public synchronized boolean isOpen() {
        return open;
    }

    /** The service failed. */
    public synchronized void failed() {
        failures++;
        // Requests that were under way when it opened fail too, and are no further sign.
        if (probing || (!open && failures >= threshold)) {
            pauseFactor = pauseFactor == 0 ? 1 : Math.min(2 * pauseFactor, MAX_PAUSE_FACTOR);
            blockedUntil = nanoTime.getAsLong() + pauseFactor * pauseNanos;
            open = true;
            probing = false;
        }
    }
}
