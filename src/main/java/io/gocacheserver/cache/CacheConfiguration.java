package io.gocacheserver.cache;

import io.gocacheserver.cache.filter.ActionFilters;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.NamespaceSpace;
import io.gocacheserver.cache.tier.PurgeLog;
import io.gocacheserver.cache.tier.TierDecorator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

import java.time.InstantSource;
import java.util.List;

/** Puts the cache together: decorators, such as metrics, before the tiers. */
@Configuration(proxyBeanMethods = false)
class CacheConfiguration {

    @Bean
    CacheCounters cacheCounters() {
        return new CacheCounters();
    }

    @Bean
    BuildCache buildCache(
            LocalTier local,
            Quotas quotas,
            ObjectProvider<TieredCache.Remote> remote,
            ObjectProvider<TierDecorator> tierDecorators,
            ObjectProvider<CacheDecorator> cacheDecorators,
            CacheCounters counters,
            ActionFilters filters) {
        TierDecorator tracing = tierDecorators.getIfAvailable();
        LocalTier tier = tracing == null ? local : tracing.decorate(local);
        BuildCache cache =
                new TieredCache(
                        tier,
                        remote.getIfAvailable(),
                        counters,
                        filters::add,
                        InstantSource.system(),
                        quotas);
        for (CacheDecorator decorator : cacheDecorators) {
            cache = decorator.decorate(cache);
        }
        return cache;
    }

    @Bean
    Quotas quotas(NamespaceSpace space, Environment settings) {
        return new Quotas(
                space,
                Binder.get(settings)
                        .bind("cache-server.quotas", Bindable.listOf(QuotaProperties.class))
                        .orElse(List.of()));
    }

    @Bean
    @Lazy
    Purger purger(
            LocalCatalogue local, ObjectProvider<TieredCache.Remote> remote, PurgeLog purges) {
        return new Purger(local, remote.getIfAvailable(), purges, InstantSource.system());
    }
}
