package io.gocacheserver.distribution;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.io.IOException;

@Configuration(proxyBeanMethods = false)
class DistributionConfiguration {

    @Bean
    AdapterArchives adapterArchives(AdapterProperties properties) {
        return new AdapterArchives(properties.directory());
    }

    @Bean
    InstallScript installScript() throws IOException {
        return new InstallScript();
    }
}
