package io.gocacheserver.cache.tier;

import org.slf4j.Logger;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Warnings about failures that come in masses, such as every Put on a full disk or every upload while S3 is down: at most one
 * an interval, which says how many were left out since the one before.
 */
public final class RateLimitedLog {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Logger log;
    private final LongSupplier nanoTime;
    private final AtomicLong next;
    private final AtomicLong leftOut = new AtomicLong();

    public RateLimitedLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    public void warn(String message) {
        long due = next.get();
        long now = nanoTime.getAsLong();
        if (now - due < 0 || !next.compareAndSet(due, now + INTERVAL.toNanos())) {
            leftOut.incrementAndGet();
            log.debug(message);
            return;
        }
        long others = leftOut.getAndSet(0);
        if (others == 0) {
            log.warn(message);
        } else {
            log.warn("{} ({} more of the kind before this one)", message, others);
        }
    }
}
