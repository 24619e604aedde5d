package io.gocacheserver.profile;

import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.tier.DocumentLimits;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.cache.tier.RemoteDocuments;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;

@Configuration(proxyBeanMethods = false)
class ProfileConfiguration {

    /** A client at the end of its build waits for this. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Bean
    DocumentLimits documentLimits(ProfileProperties properties) {
        return new DocumentLimits(properties.maxSize().toBytes());
    }

    @Bean
    ProfileStatistics profileStatistics() {
        return new ProfileStatistics();
    }

    @Bean
    LocalProfiles localProfiles(LocalDocuments documents, ProfileProperties properties) {
        ProfileMerge merging =
                new ProfileMerge(
                        properties.keepBuilds(), properties.maxAge(), properties.maxActions());
        return new LocalProfiles(documents, merging, InstantSource.system());
    }

    @Bean
    SharedProfilesHolder sharedProfiles(
            LocalProfiles local,
            ObjectProvider<RemoteDocuments> remote,
            ProfileStatistics statistics,
            ProfileProperties properties) {
        RemoteDocuments available = remote.getIfAvailable();
        return new SharedProfilesHolder(
                available == null
                        ? null
                        : new SharedProfiles(
                                local,
                                available,
                                statistics,
                                properties.recheck(),
                                System::nanoTime));
    }

    @Bean
    MissingActions missingActions(BuildCache cache) {
        return new MissingActions(cache, PATIENCE);
    }

    @Bean
    Profiles profiles(
            LocalProfiles local,
            SharedProfilesHolder shared,
            MissingActions missing,
            ProfileStatistics statistics) {
        return new Profiles(
                local,
                shared.profiles(),
                missing,
                statistics,
                InstantSource.system(),
                () -> ThreadLocalRandom.current().nextInt());
    }

    /**
     * A bean cannot be null.
     *
     * @param profiles null without a remote tier
     */
    record SharedProfilesHolder(@Nullable SharedProfiles profiles) implements AutoCloseable {
        @Override
        public void close() {
            if (profiles != null) {
                profiles.close();
            }
        }
    }
}
