package io.gocacheserver.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The eight counters' values since the process started, and the Gets that none of them counts: those that failed. */
public final class CacheCounters {

    private final Map<CacheCounter, LongAdder> values = new ConcurrentHashMap<>();
    private final LongAdder failedGets = new LongAdder();

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
        return values.computeIfAbsent(counter, each -> new LongAdder());
    }
}
