package io.gocacheserver.operations;

import io.gocacheserver.cache.Tier;
import io.gocacheserver.cache.TierException;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether a tier answers. That is kept for a moment, so that probes do not become a load of their own. */
final class TierHealthIndicator implements HealthIndicator {

    private final Tier tier;
    private final Kept<Health> health;

    /**
     * @param keep for how long an answer is good
     * @param nanoTime a clock that only moves forward, in nanoseconds
     */
    TierHealthIndicator(Tier tier, Duration keep, LongSupplier nanoTime) {
        this.tier = tier;
        this.health = new Kept<>(this::check, keep, nanoTime);
    }

    @Override
    public Health health() {
        return health.get();
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
