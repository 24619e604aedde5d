package io.gocacheserver.tracing;

import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.TierDecorator;
import io.micrometer.observation.ObservationRegistry;

/** Puts spans before the tiers. */
final class TracedTiers implements TierDecorator {

    private final ObservationRegistry registry;

    TracedTiers(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public LocalTier decorate(LocalTier tier) {
        return new TracedLocalTier(tier, new TierSpans(registry, tier.name()));
    }

    @Override
    public RemoteTier decorate(RemoteTier tier) {
        return new TracedRemoteTier(tier, new TierSpans(registry, tier.name()));
    }
}
