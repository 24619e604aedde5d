package io.gocacheserver.operations;

import io.gocacheserver.cache.Tier;
import io.gocacheserver.cache.TierException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether a tier works. The answer is kept for a moment, so that probes do not become a load of their own. */
final class TierHealthIndicator implements HealthIndicator {

    private final Tier tier;
    private final long keepNanos;
    private final LongSupplier nanoTime;
    private @Nullable Health last;
    private long checkedAt;

    /**
     * @param keep for how long an answer is good
     * @param nanoTime a clock that only moves forward, in nanoseconds
     */
    TierHealthIndicator(Tier tier, Duration keep, LongSupplier nanoTime) {
        this.tier = tier;
        this.keepNanos = keep.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized Health health() {
        long now = nanoTime.getAsLong();
        Health health = last;
        if (health == null || now - checkedAt >= keepNanos) {
            health = check();
            last = health;
            checkedAt = nanoTime.getAsLong();
        }
        return health;
    }

    private Health check() {
        try {
            tier.check();
            return Health.up().build();
        } catch (TierException e) {
            return Health.down().withDetail("error", String.valueOf(e.getMessage())).build();
        }
    }
}
