package io.gocacheserver.operations;

import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.cache.tier.TierException;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Whether the remote tier works. It is DOWN if it does not pass its own check, or takes none of the uploads that wait for
 * it. The detail {@code cause} says whether somebody has to change something ({@code settings}) or it may pass ({@code
 * outage}), or that it can be read and only uploads fail ({@code uploads}).
 *
 * <p>What the check found is kept for a moment, so that probes do not become a load of their own.
 */
final class RemoteHealthIndicator implements HealthIndicator {

    private enum Cause {
        SETTINGS,
        OUTAGE,
        UPLOADS
    }

    private final TieredCache.Remote remote;
    private final CachedValue<Health> checked;

    /**
     * @param keep for how long an answer is good
     * @param nanoTime a clock that only moves forward, in nanoseconds
     */
    RemoteHealthIndicator(TieredCache.Remote remote, Duration keep, LongSupplier nanoTime) {
        this.remote = remote;
        this.checked = new CachedValue<>(this::check, keep, nanoTime);
    }

    @Override
    public Health health() {
        Health tier = checked.get();
        Statistics uploads = remote.uploads().statistics();
        String failure = uploads.failure();
        return tier.getStatus().equals(Status.UP)
                        && failure != null
                        && uploads.queued() + uploads.running() > 0
                ? down("every upload fails: " + failure, Cause.UPLOADS)
                : tier;
    }

    /** Whether it passes its own check, whatever becomes of uploads. */
    boolean answers() {
        return checked.get().getStatus().equals(Status.UP);
    }

    private Health check() {
        try {
            remote.tier().check();
            return Health.up().build();
        } catch (TierException e) {
            boolean outage = e instanceof TierException.Remote failure && failure.isOutage();
            return down(String.valueOf(e.getMessage()), outage ? Cause.OUTAGE : Cause.SETTINGS);
        }
    }

    private static Health down(String error, Cause cause) {
        return Health.down()
                .withDetail("error", error)
                .withDetail("cause", cause.name().toLowerCase(Locale.ROOT))
                .build();
    }
}
