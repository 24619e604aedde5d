package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.filter.ActionFilters;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.profile.ProfileStatistics;
import io.gocacheserver.web.BulkStatistics;
import io.gocacheserver.web.Traffic;
import io.gocacheserver.wire.BulkFrame;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.Map;

/** Publishes what became of requests: the seed's eight counters, bytes sent, bulk reads, profiles, filters. */
record RequestMetrics(
        CacheCounters counters,
        Traffic traffic,
        BulkStatistics bulk,
        ProfileStatistics profiles,
        LocalDocuments documents,
        ActionFilters filters)
        implements MeterBinder {

    /** What became of an action in a bulk read; each is also one of the Gets. */
    private static final Map<String, Integer> BULK_OUTCOMES =
            Map.of(
                    "hit", BulkFrame.HIT,
                    "miss", BulkFrame.ABSENT,
                    "too_large", BulkFrame.TOO_LARGE,
                    "not_sent", BulkFrame.NOT_SENT,
                    "failed", BulkFrame.FAILED);

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
        bindBulk(Meters.of(registry, bulk));
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

    private static void bindBulk(Meters<?, BulkStatistics> bulk) {
        bulk.gauge("gocache.bulk.running", "Bulk reads at this moment", BulkStatistics::running);
        String name = "gocache.bulk.requests";
        String what = "Bulk reads, by outcome";
        bulk.counter(name, what, it -> it.frames(BulkFrame.END), "outcome", "complete");
        bulk.counter(name, what, BulkStatistics::cut, "outcome", "cut");
        bulk.counter(name, what, BulkStatistics::rejected, "outcome", "rejected");
        BULK_OUTCOMES.forEach(
                (outcome, kind) ->
                        bulk.counter(
                                "gocache.bulk.actions",
                                "Actions that bulk reads asked for, by outcome",
                                it -> it.frames(kind),
                                "outcome",
                                outcome));
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
