package io.gocacheserver.operations;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The timer {@code gocache.requests}, tagged by operation, outcome and tier. */
final class RequestTimers {

    private record Key(String operation, String outcome, String tier) {}

    private final MeterRegistry registry;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    RequestTimers(MeterRegistry registry) {
        this.registry = registry;
    }

    void record(String operation, String outcome, String tier, long nanos) {
        timers.computeIfAbsent(new Key(operation, outcome, tier), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Key key) {
        return Timer.builder(MeterNames.REQUESTS)
                .description("Requests to the cache, by operation, outcome and tier that answered")
                .tag("operation", key.operation())
                .tag("outcome", key.outcome())
                .tag("tier", key.tier())
                .register(registry);
    }
}
