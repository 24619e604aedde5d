package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.StoreReport.Evicted;
import io.gocacheserver.cache.tier.StoreReport.EvictionReason;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.operations.CachedValue;
import io.gocacheserver.operations.Reports;
import io.gocacheserver.operations.Tags;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;

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
        Meters<?, StoreReport> disk =
                new Meters<>(registry, reports.store(), CachedValue<StoreReport>::get);
        bindUsage(disk);
        bindRemovals(disk);
        bindScrub(disk);
        if (reports.uploads() != null) {
            bindUploads(new Meters<>(registry, reports.uploads(), CachedValue<Statistics>::get));
        }
    }

    private static void bindUsage(Meters<?, StoreReport> disk) {
        for (State state : State.values()) {
            disk.gauge(
                    "gocache.disk.state",
                    "Whether the disk tier is in this state: 1 or 0",
                    it -> it.state() == state ? 1 : 0,
                    "state",
                    Tags.of(state));
        }
        disk.gauge("gocache.disk.actions", "Action records on disk", it -> it.usage().actions());
        disk.gauge("gocache.disk.objects", "Objects on disk", it -> it.usage().objects());
        disk.gauge(
                "gocache.disk.bytes",
                "bytes",
                "Size of the objects on disk",
                it -> it.usage().bytes());
        disk.gauge(
                "gocache.disk.stored",
                "bytes",
                "Size of the objects on disk as stored, so after compression",
                it -> it.usage().storedBytes());
        disk.gauge(
                "gocache.disk.directory",
                "bytes",
                "Space that the directory takes, with the index and temporary files",
                StoreReport::directoryBytes);
        disk.gauge(
                "gocache.disk.limit",
                "bytes",
                "Space that the directory may take now",
                StoreReport::maxBytes);
        disk.gauge(
                "gocache.disk.index",
                "bytes",
                "Size of the index, small objects included",
                StoreReport::indexBytes);
        disk.gauge(
                "gocache.disk.volume.free",
                "bytes",
                "Space that the volume has left",
                StoreReport::volumeFreeBytes);
        disk.gauge(
                "gocache.disk.oldest.idle",
                "seconds",
                "Time since the least recently used action was used; 0 if none is",
                it -> seconds(it.oldestIdle(), 0));
    }

    private static void bindRemovals(Meters<?, StoreReport> disk) {
        for (EvictionReason reason : EvictionReason.values()) {
            String tag = Tags.of(reason);
            disk.counter(
                    "gocache.disk.evicted.actions",
                    "Actions evicted",
                    it -> evicted(it, reason).actions(),
                    "reason",
                    tag);
            disk.counter(
                    "gocache.disk.evicted.objects",
                    "Objects evicted",
                    it -> evicted(it, reason).objects(),
                    "reason",
                    tag);
            disk.counter(
                    "gocache.disk.evicted.bytes",
                    "Bytes of the objects evicted, as stored",
                    it -> evicted(it, reason).bytes(),
                    "reason",
                    tag);
        }
        for (FoundBy foundBy : FoundBy.values()) {
            disk.counter(
                    "gocache.disk.corruptions",
                    "Objects found damaged and removed",
                    it -> it.corruptions().getOrDefault(foundBy, 0L),
                    "found_by",
                    Tags.of(foundBy));
        }
    }

    private void bindScrub(Meters<?, StoreReport> disk) {
        disk.gauge(
                "gocache.scrub.running",
                "Whether a scrub is running: 1 or 0",
                it -> it.scrub().running() ? 1 : 0);
        disk.gauge(
                "gocache.scrub.progress",
                "Progress of the running scrub, from 0 to 1",
                it -> it.scrub().progress());
        disk.counter(
                "gocache.scrub.objects",
                "Objects checked by the scrub",
                it -> it.scrub().objects());
        disk.counter(
                "gocache.scrub.bytes",
                "bytes",
                "Bytes checked by the scrub, as stored",
                it -> it.scrub().bytes());
        disk.gauge(
                "gocache.scrub.completed.age",
                "seconds",
                "Time since the last complete scrub; NaN if there was none",
                it -> {
                    var completed = it.scrub().completed();
                    return seconds(
                            completed == null ? null : Duration.between(completed, clock.instant()),
                            Double.NaN);
                });
    }

    private static void bindUploads(Meters<?, Statistics> uploads) {
        uploads.gauge("gocache.uploads.queued", "Uploads that wait", Statistics::queued);
        uploads.gauge("gocache.uploads.running", "Uploads under way", Statistics::running);
        uploads.gauge(
                "gocache.uploads.oldest",
                "seconds",
                "Age of the oldest upload that is queued or running; 0 if there is none",
                it -> seconds(it.oldest(), 0));
        uploads.gauge(
                "gocache.uploads.paused",
                "Whether uploads pause until S3 answers again: 1 or 0",
                it -> it.paused() ? 1 : 0);
        uploads.counter(
                "gocache.uploads.dropped",
                "Uploads not queued, since the queue was full",
                Statistics::dropped);
        uploads.counter(
                "gocache.uploads.resumed",
                "Uploads found pending when the service started",
                Statistics::resumed);
        uploads.counter(
                "gocache.uploads.retried",
                "Uploads that failed and wait for a retry",
                Statistics::retried);
        String givenUp = "gocache.uploads.given.up";
        String what = "Uploads given up: failed too often, too old, or their object gone";
        uploads.counter(givenUp, what, Statistics::exhausted, "reason", "exhausted");
        uploads.counter(givenUp, what, Statistics::expired, "reason", "expired");
        uploads.counter(givenUp, what, Statistics::lost, "reason", "lost");
    }

    private static Evicted evicted(StoreReport report, EvictionReason reason) {
        return report.evictions().getOrDefault(reason, NOTHING);
    }

    private static double seconds(@Nullable Duration duration, double otherwise) {
        return duration == null ? otherwise : duration.toMillis() / 1000.0;
    }
}
