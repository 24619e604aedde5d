package io.gocacheserver.cache;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** The eight counters' values since the process started, and the Gets that none of them counts: those that failed. */
public final class CacheCounters {

    private final LongAdder[] values =
            Stream.generate(LongAdder::new)
                    .limit(CacheCounter.values().length)
                    .toArray(LongAdder[]::new);
    private final LongAdder failedGets = new LongAdder();

    public long get(CacheCounter counter) {
        return values[counter.ordinal()].sum();
    }

    public long failedGets() {
        return failedGets.sum();
    }

    void getFailed() {
        failedGets.increment();
    }

    void increment(CacheCounter counter) {
        values[counter.ordinal()].increment();
    }
}
