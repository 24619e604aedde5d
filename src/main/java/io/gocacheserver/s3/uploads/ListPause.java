package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.tier.RateLimitedLog;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A pause of the uploads, since the local tier's list of pending uploads has failed. */
final class ListPause {

    static final Duration LENGTH = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(ListPause.class);

    private final LongSupplier nanoTime;
    private final RateLimitedLog rateLimitedLog;
    private volatile long until;

    /**
     * @param nanoTime a clock that only moves forward, in nanoseconds
     */
    ListPause(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.rateLimitedLog = new RateLimitedLog(log, nanoTime);
        this.until = nanoTime.getAsLong();
    }

    void begin(Exception cause) {
        until = nanoTime.getAsLong() + LENGTH.toNanos();
        rateLimitedLog.warn(
                "the list of pending uploads failed, uploads pause: " + cause.getMessage());
        log.debug("the list of pending uploads failed", cause);
    }

    /** Zero if there is no pause. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, until - nanoTime.getAsLong()));
    }
}
