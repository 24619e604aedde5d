package io.gocacheserver.profile;

import io.gocacheserver.cache.tier.RemoteDocuments;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

import java.time.Duration;

/** Beans of a service that asks S3 at each read of a profile. */
public final class FreshProfiles {

    @Bean
    @Primary
    SharedProfiles profilesWithoutDelay(
            LocalProfiles local, RemoteDocuments remote, ProfileStatistics statistics) {
        return new SharedProfiles(local, remote, statistics, Duration.ZERO, System::nanoTime);
    }
}
