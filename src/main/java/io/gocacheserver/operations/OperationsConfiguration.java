package io.gocacheserver.operations;

import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.StoreMaintenance;
import io.gocacheserver.operations.Overviews.Reports;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

import java.time.Duration;

@Configuration(proxyBeanMethods = false)
class OperationsConfiguration {

    /** A scrape asks for each number by itself; all of them come from one cached report. */
    private static final Duration REPORT_KEPT = Duration.ofSeconds(1);

    private static final Duration DISK_CHECK_KEPT = Duration.ofSeconds(1);

    /** Before any bean is made, so that it is said also if the start fails. */
    @Bean
    static UnknownVariables unknownVariables(ConfigurableEnvironment environment) {
        return new UnknownVariables(environment);
    }

    @Bean
    Reports reports(StoreMaintenance store, ObjectProvider<TieredCache.Remote> remote) {
        TieredCache.Remote available = remote.getIfAvailable();
        return new Reports(
                new CachedValue<>(store::report, REPORT_KEPT, System::nanoTime),
                available == null
                        ? null
                        : new CachedValue<>(
                                available.uploads()::statistics, REPORT_KEPT, System::nanoTime));
    }

    @Bean
    HealthIndicator diskHealthIndicator(
            LocalTier disk, StoreMaintenance store, RemoteHealth remote) {
        return new StoreHealthIndicator(
                disk, store, remote::answers, DISK_CHECK_KEPT, System::nanoTime);
    }

    /** Null, so that health says nothing of S3, where no bucket is named. */
    @Bean
    @Nullable HealthIndicator s3HealthIndicator(RemoteHealth remote) {
        return remote.indicator();
    }

    /** Before connections are refused. */
    @Bean
    AtShutdown drain(ShutdownProperties properties, LifecycleLog log) {
        return new AtShutdown(SmartLifecycle.DEFAULT_PHASE, () -> log.drain(properties.delay()));
    }

    /** When uploads are over, and only the disk tier is still to be closed. */
    @Bean
    AtShutdown end(LifecycleLog log) {
        return new AtShutdown(Integer.MIN_VALUE, log::stopped);
    }
}
