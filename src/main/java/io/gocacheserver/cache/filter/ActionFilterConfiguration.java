package io.gocacheserver.cache.filter;

import org.springframework.beans.factory.ObjectProvider;
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
            ActionFilters filters, LocalActions local, ObjectProvider<RemoteActions> remote) {
        return new FilterUpkeep(filters, local, remote.getIfAvailable(), InstantSource.system());
    }
}
