package io.gocacheserver.operations.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Registers meters that read what a source, which they do not keep alive, has at that moment. */
record Meters<S, T>(MeterRegistry registry, String prefix, S source, Function<S, T> read) {

    static <S> Meters<S, S> of(MeterRegistry registry, String prefix, S source) {
        return new Meters<>(registry, prefix, source, Function.identity());
    }

    void gauge(String name, String description, ToDoubleFunction<T> value, String... tags) {
        gauge(null, name, description, value, tags);
    }

    void bytes(String name, String description, ToDoubleFunction<T> value) {
        gauge("bytes", name, description, value);
    }

    void seconds(String name, String description, ToDoubleFunction<T> value) {
        gauge("seconds", name, description, value);
    }

    void counter(String name, String description, ToDoubleFunction<T> value, String... tags) {
        counter(null, name, description, value, tags);
    }

    void byteCounter(String name, String description, ToDoubleFunction<T> value, String... tags) {
        counter("bytes", name, description, value, tags);
    }

    private void gauge(
            @Nullable String unit,
            String name,
            String description,
            ToDoubleFunction<T> value,
            String... tags) {
        Gauge.builder(prefix + name, source, from -> value.applyAsDouble(read.apply(from)))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    private void counter(
            @Nullable String unit,
            String name,
            String description,
            ToDoubleFunction<T> value,
            String... tags) {
        FunctionCounter.builder(
                        prefix + name, source, from -> value.applyAsDouble(read.apply(from)))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }
}
