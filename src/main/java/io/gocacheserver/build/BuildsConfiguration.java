package io.gocacheserver.build;

import io.gocacheserver.cache.tier.RemoteDocuments;
import io.gocacheserver.disk.DiskProperties;
import io.gocacheserver.operations.Overviews;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

import java.nio.file.Path;
import java.time.InstantSource;

@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class BuildsConfiguration {

    /** Depends on the disk tier for the directory, and for the lock on it. */
    @Bean
    @DependsOn("diskTier")
    BuildDatabase buildDatabase(DiskProperties properties) {
        return BuildDatabase.open(Path.of(properties.path()).resolve("builds.db"));
    }

    @Bean
    BuildStore buildStore(BuildDatabase database) {
        return new BuildStore(database, InstantSource.system());
    }

    @Bean
    @Nullable SharedSums sharedSums(
            BuildDatabase database, ObjectProvider<RemoteDocuments> bucket) {
        RemoteDocuments remote = bucket.getIfAvailable();
        return remote == null ? null : new SharedSums(database, remote);
    }

    @Bean
    SavedTime savedTime(Overviews overviews) {
        return new SavedTime(overviews::requests);
    }

    @Bean
    Builds builds(
            BuildDatabase database,
            BuildStore store,
            SavedTime savedTime,
            ApplicationEventPublisher events) {
        return new Builds(database, store, savedTime, events::publishEvent);
    }
}
