package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.StoreReport.Evicted;
import io.gocacheserver.cache.tier.StoreReport.EvictionReason;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.operations.CachedValue;
import io.gocacheserver.operations.Overviews.Reports;
import io.gocacheserver.operations.Tags;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;

/** Publishes what the disk tier's store and the upload queue report. */
public final class StoreMetrics implements MeterBinder {

    private static final Evicted NOTHING = new Evicted(0, 0, 0);

    private final Reports reports;
    private final InstantSource clock;

    public StoreMetrics(Reports reports, InstantSource clock) {
        this.reports = reports;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        CachedValue<StoreReport> store = reports.store();
        bindDisk(new Meters<>(registry, "gocache.disk.", store, CachedValue::get));
        bindScrub(new Meters<>(registry, "gocache.scrub.", store, it -> it.get().scrub()));
        CachedValue<Statistics> uploads = reports.uploads();
        if (uploads != null) {
            bindUploads(new Meters<>(registry, "gocache.uploads.", uploads, CachedValue::get));
        }
    }

    private static void bindDisk(Meters<?, StoreReport> disk) {
        for (State state : State.values()) {
            String what = "Whether the disk tier is in this state: 1 or 0";
            disk.gauge("state", what, it -> it.state() == state ? 1 : 0, "state", Tags.of(state));
        }
        disk.gauge("actions", "Action records on disk", it -> it.usage().actions());
        disk.gauge("objects", "Objects on disk", it -> it.usage().objects());
        disk.bytes("bytes", "Size of the objects on disk", it -> it.usage().bytes());
        String stored = "Size of the objects on disk as stored, so after compression";
        disk.bytes("stored", stored, it -> it.usage().storedBytes());
        String directory = "Space that the directory takes, with the index and temporary files";
        disk.bytes("directory", directory, StoreReport::directoryBytes);
        disk.bytes("limit", "Space that the directory may take now", StoreReport::maxBytes);
        disk.bytes("index", "Size of the index, small objects included", StoreReport::indexBytes);
        disk.bytes("volume.free", "Space that the volume has left", StoreReport::volumeFreeBytes);
        String idle = "Time since the least recently used action was used; 0 if none is";
        disk.seconds("oldest.idle", idle, it -> seconds(it.oldestIdle(), 0));
        for (EvictionReason reason : EvictionReason.values()) {
            String[] tag = {"reason", Tags.of(reason)};
            Function<StoreReport, Evicted> evicted =
                    it -> it.evictions().getOrDefault(reason, NOTHING);
            disk.counter(
                    "evicted.actions", "Actions evicted", it -> evicted.apply(it).actions(), tag);
            disk.counter(
                    "evicted.objects", "Objects evicted", it -> evicted.apply(it).objects(), tag);
            String bytes = "Bytes of the objects evicted, as stored";
            disk.counter("evicted.bytes", bytes, it -> evicted.apply(it).bytes(), tag);
        }
        for (FoundBy foundBy : FoundBy.values()) {
            disk.counter(
                    "corruptions",
                    "Objects found damaged and removed",
                    it -> it.corruptions().getOrDefault(foundBy, 0L),
                    "found_by",
                    Tags.of(foundBy));
        }
    }

    private void bindScrub(Meters<?, StoreReport.Scrub> scrub) {
        scrub.gauge("running", "Whether a scrub is running: 1 or 0", it -> it.running() ? 1 : 0);
        String progress = "Progress of the running scrub, from 0 to 1";
        scrub.gauge("progress", progress, StoreReport.Scrub::progress);
        scrub.counter("objects", "Objects checked by the scrub", StoreReport.Scrub::objects);
        String bytes = "Bytes checked by the scrub, as stored";
        scrub.byteCounter("bytes", bytes, StoreReport.Scrub::bytes);
        scrub.seconds(
                "completed.age",
                "Time since the last complete scrub; NaN if there was none",
                it -> {
                    var completed = it.completed();
                    return seconds(
                            completed == null ? null : Duration.between(completed, clock.instant()),
                            Double.NaN);
                });
    }

    private static void bindUploads(Meters<?, Statistics> uploads) {
        uploads.gauge("queued", "Uploads that wait", Statistics::queued);
        uploads.gauge("running", "Uploads under way", Statistics::running);
        String oldest = "Age of the oldest upload that is queued or running; 0 if there is none";
        uploads.seconds("oldest", oldest, it -> seconds(it.oldest(), 0));
        String paused = "Whether uploads pause until S3 answers again: 1 or 0";
        uploads.gauge("paused", paused, it -> it.paused() ? 1 : 0);
        String dropped = "Uploads not queued, since the queue was full";
        uploads.counter("dropped", dropped, Statistics::dropped);
        String resumed = "Uploads found pending when the service started";
        uploads.counter("resumed", resumed, Statistics::resumed);
        String retried = "Uploads that failed and wait for a retry";
        uploads.counter("retried", retried, Statistics::retried);
        String givenUp = "Uploads given up: failed too often, too old, or their object gone";
        uploads.counter("given.up", givenUp, Statistics::exhausted, "reason", "exhausted");
        uploads.counter("given.up", givenUp, Statistics::expired, "reason", "expired");
        uploads.counter("given.up", givenUp, Statistics::lost, "reason", "lost");
    }

    private static double seconds(@Nullable Duration duration, double otherwise) {
        return duration == null ? otherwise : duration.toMillis() / 1000.0;
    }
}
