package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.tier.RateLimitedLog;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The local tier's list of pending uploads has failed, and is left alone for a while: the uploads rest. */
final class Rest {

    static final Duration LENGTH = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Rest.class);

    private final LongSupplier nanoTime;
    private final RateLimitedLog floods;
    private volatile long until;

    /**
     * @param nanoTime a clock that only moves forward, in nanoseconds
     */
    Rest(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.floods = new RateLimitedLog(log, nanoTime);
        this.until = nanoTime.getAsLong();
    }

    void begin(Exception cause) {
        until = nanoTime.getAsLong() + LENGTH.toNanos();
        floods.warn("the list of pending uploads failed, uploads rest: " + cause.getMessage());
        log.debug("the list of pending uploads failed", cause);
    }

    /** Nothing if they do not rest. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, until - nanoTime.getAsLong()));
    }
}
