package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.CacheDecorator;
import io.gocacheserver.cache.filter.ActionFilters;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.operations.Reports;
import io.gocacheserver.profile.ProfileStatistics;
import io.gocacheserver.web.Traffic;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.InstantSource;

@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

    @Bean
    CacheDecorator requestMetrics(MeterRegistry registry) {
        RequestTimers timers = new RequestTimers(registry);
        return cache -> new MeteredCache(cache, timers);
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
    ProfileMetrics profileMetrics(ProfileStatistics profiles, LocalDocuments documents) {
        return new ProfileMetrics(profiles, documents);
    }

    @Bean
    FilterMetrics filterMetrics(ActionFilters filters) {
        return new FilterMetrics(filters);
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
}
