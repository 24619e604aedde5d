package io.gocacheserver.cache.purge;

import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.LocalRemoval;
import io.gocacheserver.cache.tier.PurgeLog;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

import java.time.InstantSource;

@Configuration(proxyBeanMethods = false)
class PurgeConfiguration {

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
