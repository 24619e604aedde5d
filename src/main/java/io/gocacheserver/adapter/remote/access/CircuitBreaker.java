package io.gocacheserver.adapter.remote.access;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Stops asking a service that does not work. After {@code threshold} failures in a row it lets nothing pass for a
 * while, then one probe: when that succeeds all pass again, when it fails the next pause begins.
 */
public final class CircuitBreaker {

    private final int threshold;
    private final Duration pause;
    private final LongSupplier nanoTime;
    private int failures;
    private long blockedUntil;
    private boolean open;
    private boolean probing;
    private boolean paused;

    public CircuitBreaker(int threshold, Duration pause, LongSupplier nanoTime) {
        this.threshold = threshold;
        this.pause = pause;
        this.nanoTime = nanoTime;
    }

    /** Whether a request may be made; if so, {@link #succeeded} or {@link #failed} must follow. */
    synchronized boolean tryPass() {
        if (open && isPassable()) {
            // If the outcome of the probe is never reported, another one follows after the next
            // pause.
            block(pause);
            probing = true;
            return true;
        }
        return !open;
    }

    /** Whether {@link #tryPass} would let a request through now. */
    public synchronized boolean isPassable() {
        return !open || nanoTime.getAsLong() - blockedUntil >= 0;
    }

    synchronized void succeeded() {
        if (paused && !probing) {
            return; // under way when the service asked to be left alone
        }
        failures = 0;
        open = false;
        probing = false;
        paused = false;
    }

    /** The service asks to be left alone for a while. */
    synchronized void pause(Duration duration) {
        failures++;
        block(duration);
        paused = true;
    }

    /** Whether nothing passes but probes. */
    synchronized boolean isOpen() {
        return open;
    }

    synchronized void failed() {
        failures++;
        // Requests that were under way when it opened fail too, and are no further sign.
        if (probing || (!open && failures >= threshold)) {
            block(pause);
        }
    }

    private void block(Duration duration) {
        blockedUntil = nanoTime.getAsLong() + duration.toNanos();
        open = true;
        probing = false;
    }
}
