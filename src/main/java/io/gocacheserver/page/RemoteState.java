package io.gocacheserver.page;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * The last known state of S3. A check may take as long as its timeouts, and the page must not wait for it: so a reader gets
 * the last state, and an old one is renewed in the background.
 */
final class RemoteState {

    /**
     * {@code none}: there is no S3 tier; {@code unknown}: not asked yet; {@code up}; {@code down}, by {@code settings}, which
     * somebody has to change, by an {@code outage}, which may pass, or for {@code uploads} alone.
     */
    record Known(String state, @Nullable String error, @Nullable String cause) {}

    private final @Nullable HealthIndicator indicator;
    private final long keepNanos;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Known known;
    private volatile long askedAt;

    RemoteState(
            @Nullable HealthIndicator indicator,
            Duration keep,
            Executor executor,
            LongSupplier nanoTime) {
        this.indicator = indicator;
        this.keepNanos = keep.toNanos();
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.known = new Known(indicator == null ? "none" : "unknown", null, null);
        this.askedAt = nanoTime.getAsLong() - keepNanos;
    }

    Known known() {
        if (indicator != null
                && nanoTime.getAsLong() - askedAt >= keepNanos
                && asking.compareAndSet(false, true)) {
            executor.execute(() -> ask(indicator));
        }
        return known;
    }

    private void ask(HealthIndicator remote) {
        try {
            Health health = remote.health();
            if (health != null) {
                known = of(health);
            }
        } finally {
            askedAt = nanoTime.getAsLong();
            asking.set(false);
        }
    }

    private static Known of(Health health) {
        if (health.getStatus().equals(Status.UP)) {
            return new Known("up", null, null);
        }
        return new Known("down", detail(health, "error"), detail(health, "cause"));
    }

    private static @Nullable String detail(Health health, String name) {
        Object detail = health.getDetails().get(name);
        return detail == null ? null : detail.toString();
    }
}
