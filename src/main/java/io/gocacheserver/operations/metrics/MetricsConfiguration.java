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
    CacheDecorator requestTimers(MeterRegistry registry) {
        return cache -> new MeteredCache(cache, registry);
    }

    @Bean
    RequestMetrics requestMetrics(
            CacheCounters counters,
            Traffic traffic,
            ProfileStatistics profiles,
            LocalDocuments documents,
            ActionFilters filters) {
        return new RequestMetrics(counters, traffic, profiles, documents, filters);
    }

    @Bean
    StoreMetrics storeMetrics(Reports reports) {
        return new StoreMetrics(reports, InstantSource.system());
    }
}
