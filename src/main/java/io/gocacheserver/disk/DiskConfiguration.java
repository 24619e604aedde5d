package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.DocumentLimits;
import io.gocacheserver.cache.tier.LocalDocuments;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.nio.file.Path;
import java.time.InstantSource;

@Configuration(proxyBeanMethods = false)
class DiskConfiguration {

    private static final int MIN_READERS = 4;
    private static final long MAX_FILTER_BYTES = 32L << 20;

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

    @Bean(name = LocalDocuments.FILTERS, defaultCandidate = false)
    DocumentFiles savedFilters(DiskTier disk, DiskProperties properties) {
        return new DocumentFiles(
                Path.of(properties.path()).resolve("filters"),
                new DocumentLimits(MAX_FILTER_BYTES));
    }
}
