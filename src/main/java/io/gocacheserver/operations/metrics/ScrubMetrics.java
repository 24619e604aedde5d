package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.operations.CachedValue;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Publishes how far the background check of all objects on disk is. */
public final class ScrubMetrics implements MeterBinder {

    private final CachedValue<StoreReport> store;
    private final InstantSource clock;

    public ScrubMetrics(CachedValue<StoreReport> store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(MeterNames.SCRUB_RUNNING, store, kept -> kept.get().scrub().running() ? 1 : 0)
                .description("Whether a scrub is running: 1 or 0")
                .register(registry);
        Gauge.builder(MeterNames.SCRUB_PROGRESS, store, kept -> kept.get().scrub().progress())
                .description("Progress of the running scrub, from 0 to 1")
                .register(registry);
        FunctionCounter.builder(
                        MeterNames.SCRUB_OBJECTS, store, kept -> kept.get().scrub().objects())
                .description("Objects checked by the scrub")
                .register(registry);
        FunctionCounter.builder(MeterNames.SCRUB_BYTES, store, kept -> kept.get().scrub().bytes())
                .description("Bytes checked by the scrub, as stored")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder(
                        MeterNames.SCRUB_COMPLETED_AGE,
                        store,
                        kept -> completedAgeSeconds(kept.get().scrub()))
                .description("Time since the last complete scrub; NaN if there was none")
                .baseUnit("seconds")
                .register(registry);
    }

    private double completedAgeSeconds(StoreReport.Scrub scrub) {
        Instant completed = scrub.completed();
        return completed == null
                ? Double.NaN
                : Duration.between(completed, clock.instant()).toMillis() / 1000.0;
    }
}
