package io.gocacheserver.cache;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** The eight counters' values since the process started, and the Gets that none of them counts: those that failed. */
public final class CacheCounters {

    private final Map<CacheCounter, LongAdder> values = new EnumMap<>(CacheCounter.class);
    private final LongAdder failedGets = new LongAdder();

    public CacheCounters() {
        for (CacheCounter counter : CacheCounter.values()) {
            values.put(counter, new LongAdder());
        }
    }

    public long get(CacheCounter counter) {
        return adder(counter).sum();
    }

    /** Gets that were neither a hit nor a miss: a tier failed. */
    public long failedGets() {
        return failedGets.sum();
    }

    void getFailed() {
        failedGets.increment();
    }

    void increment(CacheCounter counter) {
        adder(counter).increment();
    }

    private LongAdder adder(CacheCounter counter) {
        return Objects.requireNonNull(values.get(counter));
    }
}
