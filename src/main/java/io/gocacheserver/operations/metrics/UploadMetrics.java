package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.operations.CachedValue;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;

import java.util.function.ToDoubleFunction;

/** Publishes the upload queue, where there is one. */
public final class UploadMetrics implements MeterBinder {

    private final @Nullable CachedValue<Statistics> uploads;

    public UploadMetrics(@Nullable CachedValue<Statistics> uploads) {
        this.uploads = uploads;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (uploads == null) {
            return;
        }
        Gauge.builder(MeterNames.UPLOADS_QUEUED, uploads, kept -> kept.get().queued())
                .description("Uploads that wait")
                .register(registry);
        Gauge.builder(MeterNames.UPLOADS_RUNNING, uploads, kept -> kept.get().running())
                .description("Uploads under way")
                .register(registry);
        Gauge.builder(
                        MeterNames.UPLOADS_OLDEST,
                        uploads,
                        kept -> kept.get().oldest().toMillis() / 1000.0)
                .description(
                        "Age of the oldest upload that is queued or running; 0 if there is none")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder(MeterNames.UPLOADS_PAUSED, uploads, kept -> kept.get().paused() ? 1 : 0)
                .description("Whether uploads pause until S3 answers again: 1 or 0")
                .register(registry);
        counter(
                registry,
                uploads,
                MeterNames.UPLOADS_DROPPED,
                "Uploads not queued, since the queue was full",
                Statistics::dropped);
        counter(
                registry,
                uploads,
                MeterNames.UPLOADS_RESUMED,
                "Uploads found pending when the service started",
                Statistics::resumed);
        counter(
                registry,
                uploads,
                MeterNames.UPLOADS_RETRIED,
                "Uploads that failed and wait for a retry",
                Statistics::retried);
        givenUp(registry, uploads, "exhausted", Statistics::exhausted);
        givenUp(registry, uploads, "expired", Statistics::expired);
        givenUp(registry, uploads, "lost", Statistics::lost);
    }

    private static void counter(
            MeterRegistry registry,
            CachedValue<Statistics> uploads,
            String name,
            String description,
            ToDoubleFunction<Statistics> value) {
        FunctionCounter.builder(name, uploads, kept -> value.applyAsDouble(kept.get()))
                .description(description)
                .register(registry);
    }

    private static void givenUp(
            MeterRegistry registry,
            CachedValue<Statistics> uploads,
            String reason,
            ToDoubleFunction<Statistics> value) {
        FunctionCounter.builder(
                        MeterNames.UPLOADS_GIVEN_UP,
                        uploads,
                        kept -> value.applyAsDouble(kept.get()))
                .description("Uploads given up: failed too often, too old, or their object gone")
                .tag("reason", reason)
                .register(registry);
    }
}
