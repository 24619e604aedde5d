package io.gocacheserver.operations;

import io.gocacheserver.cache.tier.StoreMaintenance;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether the disk tier's store works.
 *
 * <ul>
 *   <li>It reads and writes: UP.
 *   <li>It reads, but cannot write: DEGRADED. Gets go on, Puts answer 507. Readiness stays, since otherwise a disk that
 *       is full everywhere would take every replica out of service while all of them could answer.
 *   <li>It does neither: DOWN, or DEGRADED where an S3 tier can answer in its place.
 * </ul>
 */
final class StoreHealthIndicator implements HealthIndicator {

    static final Status DEGRADED = new Status("DEGRADED");

    private final Tier disk;
    private final StoreMaintenance store;
    private final BooleanSupplier remoteAnswers;
    private final CachedValue<Health> health;

    /** The disk is asked to check itself before its report is looked at, so that a probe finds out what no request has. */
    StoreHealthIndicator(
            Tier disk,
            StoreMaintenance store,
            BooleanSupplier remoteAnswers,
            Duration keep,
            LongSupplier nanoTime) {
        this.disk = disk;
        this.store = store;
        this.remoteAnswers = remoteAnswers;
        this.health = new CachedValue<>(this::check, keep, nanoTime);
    }

    @Override
    public Health health() {
        return health.get();
    }

    private Health check() {
        TierException failure = null;
        try {
            disk.check();
        } catch (TierException e) {
            failure = e;
        }
        StoreReport report = store.report();
        State state = report.state();
        if (state == State.WORKING && failure != null) {
            state =
                    failure instanceof TierException.LocalRead
                            ? State.UNAVAILABLE
                            : State.READ_ONLY;
        }
        Health.Builder builder =
                switch (state) {
                    case WORKING -> Health.up();
                    case FULL ->
                            degraded(
                                    "Gets are answered, Puts refused with 507; make room on the volume, or raise cache-server.disk.max-size");
                    case READ_ONLY ->
                            degraded(
                                    "Gets are answered, Puts refused with 507; make the directory writable: cache-server.disk.path");
                    case UNAVAILABLE -> unavailable();
                };
        builder.withDetail("state", Tags.of(state));
        if (report.problem() != null) {
            builder.withDetail("error", report.problem());
        } else if (failure != null) {
            builder.withDetail("error", String.valueOf(failure.getMessage()));
        }
        return builder.build();
    }

    private Health.Builder unavailable() {
        return remoteAnswers.getAsBoolean()
                ? degraded(
                        "Gets are answered from S3, Puts refused with 507; bring the directory back, or restart: cache-server.disk.path")
                : Health.down()
                        .withDetail(
                                "effect",
                                "nothing is answered; bring the directory back, or restart: cache-server.disk.path");
    }

    private static Health.Builder degraded(String effect) {
        return Health.status(DEGRADED).withDetail("effect", effect);
    }
}
