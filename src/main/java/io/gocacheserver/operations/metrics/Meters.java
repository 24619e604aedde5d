package io.gocacheserver.operations.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Registers meters that read what a source, which they do not keep alive, has at that moment. */
record Meters<S, T>(MeterRegistry registry, S source, Function<S, T> read) {

    static <S> Meters<S, S> of(MeterRegistry registry, S source) {
        return new Meters<>(registry, source, Function.identity());
    }

    void gauge(String name, String description, ToDoubleFunction<T> value, String... tags) {
        gauge(name, null, description, value, tags);
    }

    void gauge(
            String name,
            @Nullable String unit,
            String description,
            ToDoubleFunction<T> value,
            String... tags) {
        Gauge.builder(name, source, from -> value.applyAsDouble(read.apply(from)))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    void counter(String name, String description, ToDoubleFunction<T> value, String... tags) {
        counter(name, null, description, value, tags);
    }

    void counter(
            String name,
            @Nullable String unit,
            String description,
            ToDoubleFunction<T> value,
            String... tags) {
        FunctionCounter.builder(name, source, from -> value.applyAsDouble(read.apply(from)))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }
}
