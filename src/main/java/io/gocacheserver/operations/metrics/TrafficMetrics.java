package io.gocacheserver.operations.metrics;

import io.gocacheserver.web.Traffic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.function.ToDoubleFunction;

/** Publishes how many bytes of objects went over the wire, and how many did not have to. */
final class TrafficMetrics implements MeterBinder {

    private final Traffic traffic;

    TrafficMetrics(Traffic traffic) {
        this.traffic = traffic;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        direction(registry, "in", Traffic::in);
        direction(registry, "out", Traffic::out);
        FunctionCounter.builder(MeterNames.TRAFFIC_SAVED, traffic, Traffic::saved)
                .description("Bytes not sent, since objects were sent compressed")
                .baseUnit("bytes")
                .register(registry);
    }

    private void direction(
            MeterRegistry registry, String direction, ToDoubleFunction<Traffic> bytes) {
        FunctionCounter.builder(MeterNames.TRAFFIC, traffic, bytes)
                .description("Bytes of objects on the wire: in from clients, out to clients")
                .baseUnit("bytes")
                .tag("direction", direction)
                .register(registry);
    }
}
