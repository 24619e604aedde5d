package io.gocacheserver.disk.blobs;

import io.gocacheserver.cache.tier.StoreReport.Evicted;
import io.gocacheserver.cache.tier.StoreReport.EvictionReason;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;

import java.util.EnumMap;
import java.util.Map;

/** Evictions and damaged objects since the process started. Safe for many threads. */
public final class StoreCounters {

    private final Map<EvictionReason, Evicted> evictions = new EnumMap<>(EvictionReason.class);
    private final Map<FoundBy, Long> corruptions = new EnumMap<>(FoundBy.class);

    public StoreCounters() {
        for (EvictionReason reason : EvictionReason.values()) {
            evictions.put(reason, new Evicted(0, 0, 0));
        }
        for (FoundBy by : FoundBy.values()) {
            corruptions.put(by, 0L);
        }
    }

    public synchronized void evicted(EvictionReason reason, Evicted more) {
        evictions.merge(
                reason,
                more,
                (a, b) ->
                        new Evicted(
                                a.actions() + b.actions(),
                                a.objects() + b.objects(),
                                a.bytes() + b.bytes()));
    }

    synchronized void damaged(FoundBy by) {
        corruptions.merge(by, 1L, Long::sum);
    }

    public synchronized Map<EvictionReason, Evicted> evictions() {
        return new EnumMap<>(evictions);
    }

    public synchronized Map<FoundBy, Long> corruptions() {
        return new EnumMap<>(corruptions);
    }
}
