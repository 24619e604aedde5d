package io.gocacheserver.disk;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.InstantSource;

@Configuration(proxyBeanMethods = false)
class DiskConfiguration {

    private static final int MIN_READERS = 4;

    @Bean
    DiskTier diskTier(DiskProperties properties) {
        int readers = Math.max(MIN_READERS, 2 * Runtime.getRuntime().availableProcessors());
        return DiskTier.open(properties.settings(readers), InstantSource.system());
    }
}
