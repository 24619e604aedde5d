package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.StoreReport.Evicted;
import io.gocacheserver.cache.tier.StoreReport.EvictionReason;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.operations.CachedValue;
import io.gocacheserver.operations.Tags;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** Publishes what the disk tier's store reports of what it holds, evicts and finds damaged. */
public final class StoreMetrics implements MeterBinder {

    private static final Evicted NOTHING = new Evicted(0, 0, 0);

    private final CachedValue<StoreReport> store;

    public StoreMetrics(CachedValue<StoreReport> store) {
        this.store = store;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindState(registry);
        bindUsage(registry);
        bindEvictions(registry);
        for (FoundBy foundBy : FoundBy.values()) {
            FunctionCounter.builder(
                            MeterNames.DISK_CORRUPTIONS,
                            store,
                            kept -> kept.get().corruptions().getOrDefault(foundBy, 0L))
                    .description("Objects found damaged and removed")
                    .tag("found_by", Tags.of(foundBy))
                    .register(registry);
        }
    }

    private void bindState(MeterRegistry registry) {
        for (State state : State.values()) {
            Gauge.builder(MeterNames.DISK_STATE, store, kept -> kept.get().state() == state ? 1 : 0)
                    .description("Whether the disk tier is in this state: 1 or 0")
                    .tag("state", Tags.of(state))
                    .register(registry);
        }
    }

    private void bindUsage(MeterRegistry registry) {
        gauge(
                registry,
                MeterNames.DISK_ACTIONS,
                "Action records on disk",
                report -> report.usage().actions());
        gauge(
                registry,
                MeterNames.DISK_OBJECTS,
                "Objects on disk",
                report -> report.usage().objects());
        bytes(
                registry,
                MeterNames.DISK_BYTES,
                "Size of the objects on disk",
                report -> report.usage().bytes());
        bytes(
                registry,
                MeterNames.DISK_STORED,
                "Size of the objects on disk as stored, so after compression",
                report -> report.usage().storedBytes());
        bytes(
                registry,
                MeterNames.DISK_DIRECTORY,
                "Space that the directory takes, with the index and temporary files",
                StoreReport::directoryBytes);
        bytes(
                registry,
                MeterNames.DISK_LIMIT,
                "Space that the directory may take now",
                StoreReport::maxBytes);
        bytes(
                registry,
                MeterNames.DISK_INDEX,
                "Size of the index, small objects included",
                StoreReport::indexBytes);
        bytes(
                registry,
                MeterNames.DISK_VOLUME_FREE,
                "Space that the volume has left",
                StoreReport::volumeFreeBytes);
        Gauge.builder(MeterNames.DISK_OLDEST_IDLE, store, kept -> oldestIdleSeconds(kept.get()))
                .description("Time since the least recently used action was used; 0 if none is")
                .baseUnit("seconds")
                .register(registry);
    }

    private void bindEvictions(MeterRegistry registry) {
        for (EvictionReason reason : EvictionReason.values()) {
            evicted(
                    registry,
                    MeterNames.DISK_EVICTED_ACTIONS,
                    "Actions evicted",
                    reason,
                    Evicted::actions);
            evicted(
                    registry,
                    MeterNames.DISK_EVICTED_OBJECTS,
                    "Objects evicted",
                    reason,
                    Evicted::objects);
            evicted(
                    registry,
                    MeterNames.DISK_EVICTED_BYTES,
                    "Bytes of the objects evicted, as stored",
                    reason,
                    Evicted::bytes);
        }
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<StoreReport> value) {
        Gauge.builder(name, store, kept -> value.applyAsDouble(kept.get()))
                .description(description)
                .register(registry);
    }

    private void bytes(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<StoreReport> value) {
        Gauge.builder(name, store, kept -> value.applyAsDouble(kept.get()))
                .description(description)
                .baseUnit("bytes")
                .register(registry);
    }

    private void evicted(
            MeterRegistry registry,
            String name,
            String description,
            EvictionReason reason,
            ToDoubleFunction<Evicted> value) {
        FunctionCounter.builder(
                        name,
                        store,
                        kept ->
                                value.applyAsDouble(
                                        kept.get().evictions().getOrDefault(reason, NOTHING)))
                .description(description)
                .tag("reason", Tags.of(reason))
                .register(registry);
    }

    private static double oldestIdleSeconds(StoreReport report) {
        Duration idle = report.oldestIdle();
        return idle == null ? 0 : idle.toMillis() / 1000.0;
    }
}
