package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.CacheDecorator;
import io.gocacheserver.operations.Overviews.Reports;
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
    StoreMetrics storeMetrics(Reports reports) {
        return new StoreMetrics(reports, InstantSource.system());
    }
}
