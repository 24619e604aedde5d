package io.gocacheserver.disk.blobs;

import io.gocacheserver.cache.tier.StoreReport.FoundBy;

import java.util.EnumMap;
import java.util.Map;

/** Damaged objects since the process started. Safe for many threads. */
public final class CorruptionCounters {

    private final Map<FoundBy, Long> counts = new EnumMap<>(FoundBy.class);

    public CorruptionCounters() {
        for (FoundBy by : FoundBy.values()) {
            counts.put(by, 0L);
        }
    }

    synchronized void increment(FoundBy by) {
        counts.merge(by, 1L, Long::sum);
    }

    public synchronized Map<FoundBy, Long> snapshot() {
        return new EnumMap<>(counts);
    }
}
