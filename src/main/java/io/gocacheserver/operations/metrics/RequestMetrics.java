package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.filter.ActionFilters;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.profile.ProfileStatistics;
import io.gocacheserver.web.Traffic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.stereotype.Component;

/** Publishes what became of requests: the seed's eight counters, bytes sent, profiles, filters. */
@Component
record RequestMetrics(
        CacheCounters counters,
        Traffic traffic,
        ProfileStatistics profiles,
        LocalDocuments documents,
        ActionFilters filters)
        implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry registry) {
        var gets = Meters.of(registry, "", counters);
        for (CacheCounter counter : CacheCounter.values()) {
            gets.counter(counter.key(), counter.description(), it -> it.get(counter));
        }
        var wire = Meters.of(registry, "gocache.traffic", traffic);
        String bytes = "Bytes of objects on the wire: in from clients, out to clients";
        wire.byteCounter("", bytes, Traffic::in, "direction", "in");
        wire.byteCounter("", bytes, Traffic::out, "direction", "out");
        String saved = "Bytes not sent, since objects were sent compressed";
        wire.byteCounter(".saved", saved, Traffic::saved);
        var profile = Meters.of(registry, "gocache.profile.", profiles);
        String reads = "Reads of profiles, by outcome";
        profile.counter("reads", reads, it -> it.found().sum(), "outcome", "hit");
        profile.counter("reads", reads, it -> it.absent().sum(), "outcome", "miss");
        String writes = "Builds noted in profiles, once for each key";
        profile.counter("writes", writes, it -> it.written().sum());
        profile.counter("pushed", "Profiles written to S3", it -> it.pushed().sum());
        String failed = "Profiles that could not be read from S3 or written there";
        profile.counter("failed", failed, it -> it.failed().sum());
        Meters.of(registry, "gocache.profile.", documents)
                .bytes("size", "Space that profiles take on disk", LocalDocuments::bytes);
        var filter = Meters.of(registry, "gocache.filter.", filters);
        String actions = "Actions in the filter of the namespace global";
        filter.gauge("actions", actions, ActionFilters::actions);
        String complete = "Whether that filter has all actions of disk and S3";
        filter.gauge("complete", complete, it -> it.isComplete() ? 1 : 0);
    }
}
