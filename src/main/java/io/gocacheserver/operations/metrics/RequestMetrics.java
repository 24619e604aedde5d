package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.filter.ActionFilters;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.profile.ProfileStatistics;
import io.gocacheserver.web.Traffic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Publishes what became of requests: the seed's eight counters, bytes sent, profiles, filters. */
record RequestMetrics(
        CacheCounters counters,
        Traffic traffic,
        ProfileStatistics profiles,
        LocalDocuments documents,
        ActionFilters filters)
        implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters<CacheCounters, CacheCounters> gets = Meters.of(registry, counters);
        for (CacheCounter counter : CacheCounter.values()) {
            gets.counter(counter.key(), counter.description(), it -> it.get(counter));
        }
        Meters<Traffic, Traffic> wire = Meters.of(registry, traffic);
        String bytes = "Bytes of objects on the wire: in from clients, out to clients";
        wire.counter("gocache.traffic", "bytes", bytes, Traffic::in, "direction", "in");
        wire.counter("gocache.traffic", "bytes", bytes, Traffic::out, "direction", "out");
        wire.counter(
                "gocache.traffic.saved",
                "bytes",
                "Bytes not sent, since objects were sent compressed",
                Traffic::saved);
        bindProfiles(Meters.of(registry, profiles));
        Meters.of(registry, documents)
                .gauge(
                        "gocache.profile.size",
                        "bytes",
                        "Space that profiles take on disk",
                        LocalDocuments::bytes);
        Meters<ActionFilters, ActionFilters> known = Meters.of(registry, filters);
        known.gauge(
                "gocache.filter.actions",
                "Actions in the filter of the namespace global",
                ActionFilters::actions);
        known.gauge(
                "gocache.filter.complete",
                "Whether that filter has all actions of disk and S3",
                it -> it.isComplete() ? 1 : 0);
    }

    private static void bindProfiles(Meters<?, ProfileStatistics> profiles) {
        String name = "gocache.profile.reads";
        String what = "Reads of profiles, by outcome";
        profiles.counter(name, what, it -> it.found().sum(), "outcome", "hit");
        profiles.counter(name, what, it -> it.absent().sum(), "outcome", "miss");
        profiles.counter(
                "gocache.profile.writes",
                "Builds noted in profiles, once for each key",
                it -> it.written().sum());
        profiles.counter(
                "gocache.profile.pushed", "Profiles written to S3", it -> it.pushed().sum());
        profiles.counter(
                "gocache.profile.failed",
                "Profiles that could not be read from S3 or written there",
                it -> it.failed().sum());
    }
}
