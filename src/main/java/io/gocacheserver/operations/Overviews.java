package io.gocacheserver.operations;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.cache.tier.PurgeLog;
import io.gocacheserver.cache.tier.PurgeLog.Purge;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.StoreReport.EvictionReason;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.web.Traffic;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the {@link Overview} together. */
@Component
public final class Overviews {

    /** The reports behind metrics and the overview; without an S3 tier there are no uploads. */
    public record Reports(
            CachedValue<StoreReport> store, @Nullable CachedValue<Statistics> uploads) {}

    private static final Logger log = LoggerFactory.getLogger(Overviews.class);
    private static final int PURGES = 10;
    private static final StoreReport.Evicted NOTHING = new StoreReport.Evicted(0, 0, 0);

    private final CacheCounters counters;
    private final Traffic traffic;
    private final Reports reports;
    private final PurgeLog purges;

    Overviews(CacheCounters counters, Traffic traffic, Reports reports, PurgeLog purges) {
        this.counters = counters;
        this.traffic = traffic;
        this.reports = reports;
        this.purges = purges;
    }

    public Overview now() {
        StoreReport report = reports.store().get();
        CachedValue<Statistics> uploads = reports.uploads();
        return new Overview(
                Tags.of(report.state()),
                report.problem(),
                requests(),
                new Overview.Wire(
                        Overview.ByteCount.of(traffic.in()),
                        Overview.ByteCount.of(traffic.out()),
                        Overview.ByteCount.of(traffic.saved())),
                disk(report),
                scrub(report.scrub()),
                uploads == null ? null : uploads(uploads.get()),
                latestPurges());
    }

    /** Of the Gets alone, which costs next to nothing. */
    public Overview.Requests requests() {
        long diskHits = counters.get(CacheCounter.GET_LOCAL_HIT);
        long s3Hits = counters.get(CacheCounter.GET_FAULT_HIT);
        long misses = counters.get(CacheCounter.GET_FAULT_MISS);
        long hits = diskHits + s3Hits;
        long failures = counters.failedGets();
        long gets = hits + misses + failures;
        return new Overview.Requests(
                gets,
                hits,
                diskHits,
                s3Hits,
                misses,
                failures,
                gets == 0 ? null : rounded(hits, gets, 4));
    }

    private static Overview.Disk disk(StoreReport report) {
        Duration idle = report.oldestIdle();
        Map<String, Overview.Evicted> evictions = new LinkedHashMap<>();
        for (EvictionReason reason : EvictionReason.values()) {
            StoreReport.Evicted evicted = report.evictions().getOrDefault(reason, NOTHING);
            evictions.put(
                    Tags.of(reason),
                    new Overview.Evicted(
                            evicted.actions(),
                            evicted.objects(),
                            Overview.ByteCount.of(evicted.bytes())));
        }
        Map<String, Long> corruptions = new LinkedHashMap<>();
        for (FoundBy foundBy : FoundBy.values()) {
            corruptions.put(Tags.of(foundBy), report.corruptions().getOrDefault(foundBy, 0L));
        }
        return new Overview.Disk(
                report.usage().actions(),
                report.usage().objects(),
                Overview.ByteCount.of(report.usage().bytes()),
                Overview.ByteCount.of(report.usage().storedBytes()),
                Overview.ByteCount.of(report.directoryBytes()),
                Overview.ByteCount.of(report.maxBytes()),
                rounded(100 * report.directoryBytes(), report.maxBytes(), 1),
                Overview.ByteCount.of(report.indexBytes()),
                Overview.ByteCount.of(report.volumeFreeBytes()),
                idle == null ? null : idle.truncatedTo(ChronoUnit.SECONDS),
                evictions,
                corruptions);
    }

    private static Overview.Scrub scrub(StoreReport.Scrub scrub) {
        return new Overview.Scrub(
                scrub.running(),
                scrub.running() ? scrub.progress() : null,
                scrub.objects(),
                Overview.ByteCount.of(scrub.bytes()),
                scrub.completed());
    }

    private static Overview.Uploads uploads(Statistics statistics) {
        Map<String, Long> givenUp = new LinkedHashMap<>();
        givenUp.put("exhausted", statistics.exhausted());
        givenUp.put("expired", statistics.expired());
        givenUp.put("lost", statistics.lost());
        return new Overview.Uploads(
                statistics.queued(),
                statistics.running(),
                statistics.oldest().truncatedTo(ChronoUnit.SECONDS),
                statistics.paused(),
                statistics.dropped(),
                statistics.resumed(),
                statistics.retried(),
                givenUp);
    }

    /** A log of purges that cannot be read must not hide why, which is in the rest. */
    private List<Purge> latestPurges() {
        try {
            return purges.latest(PURGES);
        } catch (TierException e) {
            log.warn("the log of purges cannot be read: {}", e.getMessage());
            return List.of();
        }
    }

    /** A fraction, to so many decimals; 0 of nothing. */
    private static double rounded(long part, long whole, int decimals) {
        if (whole <= 0) {
            return 0;
        }
        double scale = Math.pow(10, decimals);
        return Math.round(scale * part / whole) / scale;
    }
}
