package io.gocacheserver.cache.filter;

import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.RemoteTier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.InstantSource;

@Configuration(proxyBeanMethods = false)
class ActionFilterConfiguration {

    @Bean
    ActionFilters actionFilters() {
        return new ActionFilters(InstantSource.system());
    }

    @Bean(initMethod = "start")
    FilterUpkeep filterUpkeep(
            ActionFilters filters,
            LocalTier local,
            ObjectProvider<RemoteTier> remotes,
            @Qualifier(LocalDocuments.FILTERS) LocalDocuments saved) {
        RemoteTier remote = remotes.getIfAvailable();
        return new FilterUpkeep(
                filters,
                local::actions,
                remote == null ? null : remote::actions,
                saved,
                InstantSource.system(),
                Thread::sleep);
    }
}
