package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.DocumentLimits;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.nio.file.Path;
import java.time.InstantSource;

@Configuration(proxyBeanMethods = false)
class DiskConfiguration {

    private static final int MIN_READERS = 4;

    @Bean
    DiskTier diskTier(DiskProperties properties) {
        int readers = Math.max(MIN_READERS, 2 * Runtime.getRuntime().availableProcessors());
        return DiskTier.open(properties.settings(readers), InstantSource.system());
    }

    /** Depends on the disk tier for the lock on the directory. */
    @Bean
    DocumentFiles documentFiles(DiskTier disk, DiskProperties properties, DocumentLimits limits) {
        return new DocumentFiles(Path.of(properties.path()).resolve("profiles"), limits);
    }
}
