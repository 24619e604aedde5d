package io.gocacheserver.cache;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

import java.time.InstantSource;

@Configuration(proxyBeanMethods = false)
class CacheConfiguration {

    @Bean
    CacheCounters cacheCounters() {
        return new CacheCounters();
    }

    @Bean
    TieredCache tieredCache(
            LocalTier local,
            ObjectProvider<TieredCache.Remote> remote,
            ObjectProvider<TierDecorator> decorator,
            CacheCounters counters) {
        TierDecorator tracing = decorator.getIfAvailable();
        return new TieredCache(
                tracing == null ? local : tracing.decorate(local),
                remote.getIfAvailable(),
                counters,
                InstantSource.system());
    }

    /** Not before somebody asks for it. */
    @Bean
    @Lazy
    Purger purger(
            LocalCatalogue catalogue,
            LocalRemoval local,
            ObjectProvider<TieredCache.Remote> remote,
            PurgeLog purges) {
        return new Purger(
                catalogue, local, remote.getIfAvailable(), purges, InstantSource.system());
    }
}
