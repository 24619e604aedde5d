package io.gocacheserver.operations;

import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.cache.tier.TierException;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

import java.time.Duration;

/**
 * Whether the remote tier works, where there is one. It is DOWN if it does not pass its own check, or takes none of the uploads
 * that wait for it. The detail {@code cause} says whether somebody has to change something ({@code settings}) or it may pass
 * ({@code outage}), or that it can be read and only uploads fail ({@code uploads}).
 *
 * <p>What the check found is kept for a moment, so that probes do not become a load of their own.
 */
@Component
public final class RemoteHealth {

    private static final Duration KEPT = Duration.ofSeconds(10);

    private final TieredCache.@Nullable Remote remote;
    private final @Nullable CachedValue<Health> checked;

    RemoteHealth(ObjectProvider<TieredCache.Remote> available) {
        TieredCache.Remote found = available.getIfAvailable();
        remote = found;
        checked =
                found == null
                        ? null
                        : new CachedValue<>(() -> check(found), KEPT, System::nanoTime);
    }

    /** Null where there is no remote tier. */
    public @Nullable HealthIndicator indicator() {
        return remote == null || checked == null ? null : () -> health(remote, checked.get());
    }

    /** Whether there is a remote tier that passes its own check, whatever becomes of uploads. */
    boolean answers() {
        return checked != null && checked.get().getStatus().equals(Status.UP);
    }

    private static Health health(TieredCache.Remote remote, Health tier) {
        Statistics uploads = remote.uploads().statistics();
        String failure = uploads.failure();
        return tier.getStatus().equals(Status.UP)
                        && failure != null
                        && uploads.queued() + uploads.running() > 0
                ? down("every upload fails: " + failure, "uploads")
                : tier;
    }

    private static Health check(TieredCache.Remote remote) {
        try {
            remote.tier().check();
            return Health.up().build();
        } catch (TierException e) {
            boolean outage = e instanceof TierException.Remote failure && failure.isOutage();
            return down(String.valueOf(e.getMessage()), outage ? "outage" : "settings");
        }
    }

    private static Health down(String error, String cause) {
        return Health.down().withDetail("error", error).withDetail("cause", cause).build();
    }
}
