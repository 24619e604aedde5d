package io.gocacheserver.operations.metrics;

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

    /** Begins to time a request, until the timing is closed. */
    Timing start(String operation) {
        return new Timing(operation);
    }

    /** A running request. Its outcome is "error" and its tier "none" unless set otherwise. */
    final class Timing implements AutoCloseable {

        private final String operation;
        private final long start = System.nanoTime();
        private String outcome = "error";
        private String tier = "none";

        private Timing(String operation) {
            this.operation = operation;
        }

        void outcome(String outcome) {
            this.outcome = outcome;
        }

        void tier(String tier) {
            this.tier = tier;
        }

        @Override
        public void close() {
            timers.computeIfAbsent(new Key(operation, outcome, tier), RequestTimers.this::timer)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
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
