package io.gocacheserver.disk.upkeep;

import io.gocacheserver.cache.tier.StoreReport.Evicted;
import io.gocacheserver.cache.tier.StoreReport.EvictionReason;

import java.util.EnumMap;
import java.util.Map;

/** Counts evictions since the process started. Safe for many threads. */
public final class EvictionCounters {

    private final Map<EvictionReason, Evicted> counts = new EnumMap<>(EvictionReason.class);

    public EvictionCounters() {
        for (EvictionReason reason : EvictionReason.values()) {
            counts.put(reason, new Evicted(0, 0, 0));
        }
    }

    synchronized void add(EvictionReason reason, Evicted more) {
        counts.merge(
                reason,
                more,
                (a, b) ->
                        new Evicted(
                                a.actions() + b.actions(),
                                a.objects() + b.objects(),
                                a.bytes() + b.bytes()));
    }

    public synchronized Map<EvictionReason, Evicted> snapshot() {
        return new EnumMap<>(counts);
    }
}
