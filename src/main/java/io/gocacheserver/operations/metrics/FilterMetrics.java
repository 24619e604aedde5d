package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.filter.ActionFilters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Publishes what the service tells clients of the actions that it has. */
final class FilterMetrics implements MeterBinder {

    private final ActionFilters filters;

    FilterMetrics(ActionFilters filters) {
        this.filters = filters;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(MeterNames.FILTER_ACTIONS, filters, ActionFilters::actions)
                .description("Actions in the filter of the namespace global")
                .register(registry);
        Gauge.builder(MeterNames.FILTER_COMPLETE, filters, known -> known.isComplete() ? 1 : 0)
                .description("Whether that filter has all actions of disk and S3")
                .register(registry);
    }
}
