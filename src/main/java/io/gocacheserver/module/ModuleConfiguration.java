package io.gocacheserver.module;

import io.gocacheserver.cache.Quotas;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.tier.LocalTier;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

@Configuration(proxyBeanMethods = false)
class ModuleConfiguration {

    private static final String DOWNLOADS = "downloads";

    /** For one download from an upstream. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** Age at which answers that change are fetched again. */
    private static final Duration REFRESH_AFTER = Duration.ofMinutes(1);

    @Bean
    UpstreamClient moduleUpstreamClient() {
        return new UpstreamClient(UpstreamClient.Patience.of(TIMEOUT));
    }

    /** Depends on the disk tier for the lock on the directory. */
    @Bean
    ModuleProxy moduleProxy(
            ModuleProperties properties,
            UpstreamClient client,
            LocalTier disk,
            ObjectProvider<TieredCache.Remote> remote,
            Quotas quotas,
            MeterRegistry registry,
            @Value("${cache-server.disk.path}") String path) {
        List<Source> sources = Source.of(properties);
        ModuleMetrics metrics = new ModuleMetrics(registry);
        ModuleStore store =
                new ModuleStore(disk, remote.getIfAvailable(), quotas, Path.of(path, DOWNLOADS));
        store.clean();
        return new ModuleProxy(
                sources,
                store,
                new Upstreams(client, sources, metrics, System::nanoTime),
                metrics,
                properties.checksumDatabase(),
                REFRESH_AFTER,
                InstantSource.system());
    }

    /** Shown, and no more: what is in the cache is served whatever becomes of upstreams. */
    @Bean
    HealthIndicator modulesHealthIndicator(ModuleProxy modules) {
        return () -> Health.up().withDetails(modules.upstreams()).build();
    }
}
