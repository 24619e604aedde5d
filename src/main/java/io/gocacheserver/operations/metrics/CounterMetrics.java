package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Publishes the seed's eight counters. */
final class CounterMetrics implements MeterBinder {

    private final CacheCounters counters;

    CounterMetrics(CacheCounters counters) {
        this.counters = counters;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (CacheCounter counter : CacheCounter.values()) {
            FunctionCounter.builder(counter.key(), counters, values -> values.get(counter))
                    .description(counter.description())
                    .register(registry);
        }
    }
}
