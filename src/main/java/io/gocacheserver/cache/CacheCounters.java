package io.gocacheserver.cache;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The eight counters' values since the process started. */
public final class CacheCounters {

    private final Map<CacheCounter, LongAdder> values = new EnumMap<>(CacheCounter.class);

    public CacheCounters() {
        for (CacheCounter counter : CacheCounter.values()) {
            values.put(counter, new LongAdder());
        }
    }

    /** The number of times something was counted. */
    public long get(CacheCounter counter) {
        return adder(counter).sum();
    }

    void increment(CacheCounter counter) {
        adder(counter).increment();
    }

    private LongAdder adder(CacheCounter counter) {
        LongAdder adder = values.get(counter);
        if (adder == null) {
            throw new IllegalStateException("no adder for " + counter);
        }
        return adder;
    }
}
