package io.gocacheserver.operations.metrics;

import io.gocacheserver.web.BulkStatistics;
import io.gocacheserver.wire.BulkFrame;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.function.ToDoubleFunction;

/** Publishes what bulk reads answer. Each action they look up is also one of the Gets. */
final class BulkMetrics implements MeterBinder {

    private final BulkStatistics bulk;

    BulkMetrics(BulkStatistics bulk) {
        this.bulk = bulk;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(MeterNames.BULK_RUNNING, bulk, BulkStatistics::running)
                .description("Bulk reads at this moment")
                .register(registry);
        requests(registry, "complete", values -> values.frames(BulkFrame.END));
        requests(registry, "cut", BulkStatistics::cut);
        requests(registry, "rejected", BulkStatistics::rejected);
        actions(registry, "hit", BulkFrame.HIT);
        actions(registry, "miss", BulkFrame.ABSENT);
        actions(registry, "too_large", BulkFrame.TOO_LARGE);
        actions(registry, "not_sent", BulkFrame.NOT_SENT);
        actions(registry, "failed", BulkFrame.FAILED);
    }

    private void requests(
            MeterRegistry registry, String outcome, ToDoubleFunction<BulkStatistics> value) {
        FunctionCounter.builder(MeterNames.BULK_REQUESTS, bulk, value)
                .description("Bulk reads, by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    private void actions(MeterRegistry registry, String outcome, int kind) {
        FunctionCounter.builder(MeterNames.BULK_ACTIONS, bulk, values -> values.frames(kind))
                .description("Actions that bulk reads asked for, by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }
}
