package io.gocacheserver.operations;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * The remote tier's health.
 *
 * @param indicator null where there is no remote tier
 */
public record RemoteHealth(@Nullable HealthIndicator indicator) {

    /** Whether there is a remote tier, and it answers. */
    boolean answers() {
        if (indicator == null) {
            return false;
        }
        var health = indicator.health();
        return health != null && health.getStatus().equals(Status.UP);
    }
}
