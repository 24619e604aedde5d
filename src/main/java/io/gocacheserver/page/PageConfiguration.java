package io.gocacheserver.page;

import io.gocacheserver.operations.Overviews;
import io.gocacheserver.operations.RemoteHealth;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.Duration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class PageConfiguration {

    private static final Duration S3_KEPT = Duration.ofSeconds(10);

    /** Builds that are remembered, in memory. */
    private static final int BUILDS = 50;

    @Bean
    ThisReplica thisReplica(BuildProperties build) {
        return ThisReplica.of(build);
    }

    @Bean
    LatestBuilds latestBuilds() {
        return new LatestBuilds(BUILDS);
    }

    @Bean
    SavedTime savedTime(Overviews overviews) {
        return new SavedTime(overviews::requests);
    }

    @Bean
    RemoteState remoteState(RemoteHealth health) {
        return new RemoteState(
                health.indicator(),
                S3_KEPT,
                Thread.ofVirtual().name("page-s3")::start,
                System::nanoTime);
    }
}
