package io.gocacheserver.profile;

import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.tier.DocumentLimits;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.cache.tier.RemoteDocuments;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.Duration;
import java.time.InstantSource;

@Configuration(proxyBeanMethods = false)
class ProfileConfiguration {

    /** Builds after which an action that none of them used leaves a profile. */
    private static final int KEEP_BUILDS = 10;

    /** Time after which an action that was not used leaves a profile, when the next build is noted. */
    private static final Duration MAX_AGE = Duration.ofDays(14);

    /** Longest time between two looks at a profile in S3. */
    private static final Duration RECHECK = Duration.ofSeconds(10);

    @Bean
    DocumentLimits documentLimits(ProfileProperties properties) {
        return new DocumentLimits(properties.maxSize().bytes());
    }

    @Bean
    ProfileStatistics profileStatistics() {
        return new ProfileStatistics();
    }

    @Bean
    LocalProfiles localProfiles(LocalDocuments documents) {
        var merging = new LocalProfiles.Merging(KEEP_BUILDS, MAX_AGE, Profiles.MAX_ACTIONS);
        return new LocalProfiles(documents, merging, InstantSource.system());
    }

    @Bean
    SharedProfiles sharedProfiles(
            LocalProfiles local,
            ObjectProvider<RemoteDocuments> remote,
            ProfileStatistics statistics) {
        return new SharedProfiles(
                local, remote.getIfAvailable(), statistics, RECHECK, System::nanoTime);
    }

    @Bean
    Profiles profiles(
            BuildCache cache,
            LocalProfiles local,
            SharedProfiles shared,
            ProfileStatistics statistics) {
        return new Profiles(cache, local, shared, statistics);
    }
}
