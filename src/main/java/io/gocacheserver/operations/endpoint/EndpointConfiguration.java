package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.Purging;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.StoreMaintenance;
import io.gocacheserver.operations.Overviews;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EndpointConfiguration {

    @Bean
    ExpvarEndpoint expvarEndpoint(CacheCounters counters) {
        return new ExpvarEndpoint(counters);
    }

    @Bean
    GocacheEndpoint gocacheEndpoint(
            Overviews overviews, LocalCatalogue disk, StoreMaintenance store, Purging purging) {
        return new GocacheEndpoint(overviews, disk, store, purging);
    }
}
