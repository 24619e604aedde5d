package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.Purging;
import io.gocacheserver.module.ModuleProxy;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ModulesEndpointConfiguration {

    @Bean
    ModulesEndpoint modulesEndpoint(ModuleProxy modules, Purging purging) {
        return new ModulesEndpoint(modules, purging);
    }
}
