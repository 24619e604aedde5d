package io.gocacheserver.operations;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The remote tier's health, where there is a remote tier. */
public final class RemoteHealth {

    private final @Nullable RemoteHealthIndicator indicator;

    RemoteHealth(@Nullable RemoteHealthIndicator indicator) {
        this.indicator = indicator;
    }

    /** Null where there is no remote tier. */
    public @Nullable HealthIndicator indicator() {
        return indicator;
    }

    /** Whether there is a remote tier, and it answers. */
    boolean answers() {
        return indicator != null && indicator.answers();
    }
}
