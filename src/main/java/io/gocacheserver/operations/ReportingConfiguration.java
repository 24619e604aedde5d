package io.gocacheserver.operations;

import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.Purging;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.cache.tier.PurgeLog;
import io.gocacheserver.cache.tier.StoreMaintenance;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.profile.ProfileStatistics;
import io.gocacheserver.web.BulkStatistics;
import io.gocacheserver.web.Traffic;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.Duration;
import java.time.InstantSource;

/** Metrics, and the endpoint that sums them up. */
@Configuration(proxyBeanMethods = false)
class ReportingConfiguration {

    /** One scrape asks for each number by itself: the reports behind them are made once for all. */
    private static final Duration REPORT_KEPT = Duration.ofSeconds(1);

    /**
     * What the numbers are taken from.
     *
     * @param uploads null without an S3 tier
     */
    record Reports(Kept<StoreReport> store, @Nullable Kept<Statistics> uploads) {}

    @Bean
    Reports reports(StoreMaintenance store, ObjectProvider<TieredCache.Remote> remote) {
        TieredCache.Remote available = remote.getIfAvailable();
        return new Reports(
                new Kept<>(store::report, REPORT_KEPT, System::nanoTime),
                available == null
                        ? null
                        : new Kept<>(
                                available.uploads()::statistics, REPORT_KEPT, System::nanoTime));
    }

    @Bean
    CounterMetrics counterMetrics(CacheCounters counters) {
        return new CounterMetrics(counters);
    }

    @Bean
    TrafficMetrics trafficMetrics(Traffic traffic) {
        return new TrafficMetrics(traffic);
    }

    @Bean
    BulkMetrics bulkMetrics(BulkStatistics bulk) {
        return new BulkMetrics(bulk);
    }

    @Bean
    ProfileMetrics profileMetrics(ProfileStatistics profiles, LocalDocuments documents) {
        return new ProfileMetrics(profiles, documents);
    }

    @Bean
    StoreMetrics storeMetrics(Reports reports) {
        return new StoreMetrics(reports.store());
    }

    @Bean
    ScrubMetrics scrubMetrics(Reports reports) {
        return new ScrubMetrics(reports.store(), InstantSource.system());
    }

    @Bean
    UploadMetrics uploadMetrics(Reports reports) {
        return new UploadMetrics(reports.uploads());
    }

    @Bean
    Overviews overviews(CacheCounters counters, Traffic traffic, Reports reports, PurgeLog purges) {
        return new Overviews(counters, traffic, reports.store(), reports.uploads(), purges);
    }

    @Bean
    GocacheEndpoint gocacheEndpoint(
            Overviews overviews, LocalCatalogue disk, StoreMaintenance store, Purging purging) {
        return new GocacheEndpoint(overviews, disk, store, purging);
    }
}
