package io.gocacheserver.operations;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.LocalTier;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.UploadQueue;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;

/** Publishes the seed's eight counters, what is on disk, and the upload queue if there is one. */
final class CacheMetrics implements MeterBinder {

    private final CacheCounters counters;
    private final LocalTier disk;
    private final TieredCache.@Nullable Remote remote;

    CacheMetrics(CacheCounters counters, LocalTier disk, TieredCache.@Nullable Remote remote) {
        this.counters = counters;
        this.disk = disk;
        this.remote = remote;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (CacheCounter counter : CacheCounter.values()) {
            FunctionCounter.builder(counter.key(), counters, values -> values.get(counter))
                    .description(counter.description())
                    .register(registry);
        }
        Gauge.builder(MeterNames.DISK_ACTIONS, disk, tier -> tier.usage().actions())
                .description("Action records on disk")
                .register(registry);
        Gauge.builder(MeterNames.DISK_OBJECTS, disk, tier -> tier.usage().objects())
                .description("Objects on disk")
                .register(registry);
        Gauge.builder(MeterNames.DISK_BYTES, disk, tier -> tier.usage().bytes())
                .description("Size of the objects on disk")
                .baseUnit("bytes")
                .register(registry);
        if (remote != null) {
            bindUploads(registry, remote.uploads());
        }
    }

    private static void bindUploads(MeterRegistry registry, UploadQueue uploads) {
        Gauge.builder(MeterNames.UPLOADS_QUEUED, uploads, queue -> queue.statistics().queued())
                .description("Uploads that wait")
                .register(registry);
        Gauge.builder(MeterNames.UPLOADS_RUNNING, uploads, queue -> queue.statistics().running())
                .description("Uploads under way")
                .register(registry);
        FunctionCounter.builder(
                        MeterNames.UPLOADS_DROPPED, uploads, queue -> queue.statistics().dropped())
                .description("Uploads dropped because the queue was full")
                .register(registry);
    }
}
