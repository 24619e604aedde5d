package io.gocacheserver.web.bulk;

import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.web.BulkStatistics;
import io.gocacheserver.web.Traffic;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BulkConfiguration {

    @Bean
    BulkReads bulkReads(
            BuildCache cache,
            BulkProperties properties,
            Traffic traffic,
            BulkStatistics statistics) {
        return new BulkReads(cache, properties.maxRequests(), traffic, statistics);
    }
}
