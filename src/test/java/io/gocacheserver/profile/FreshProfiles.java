package io.gocacheserver.profile;

import io.gocacheserver.cache.tier.RemoteDocuments;
import io.gocacheserver.profile.ProfileConfiguration.SharedProfilesHolder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

import java.time.Duration;

/** Beans of a service that asks S3 at each read of a profile. */
public final class FreshProfiles {

    @Bean
    @Primary
    SharedProfilesHolder profilesWithoutDelay(
            LocalProfiles local, RemoteDocuments remote, ProfileStatistics statistics) {
        return new SharedProfilesHolder(
                new SharedProfiles(local, remote, statistics, Duration.ZERO, System::nanoTime));
    }
}
