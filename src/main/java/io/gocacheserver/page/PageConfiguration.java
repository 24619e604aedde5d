package io.gocacheserver.page;

import io.gocacheserver.build.BuildStore;
import io.gocacheserver.operations.RemoteHealth;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.Duration;
import java.time.InstantSource;

@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class PageConfiguration {

    private static final Duration S3_KEPT = Duration.ofSeconds(10);

    @Bean
    ThisReplica thisReplica(BuildProperties build) {
        return ThisReplica.of(build);
    }

    @Bean
    ReportedWeek reportedWeek(BuildStore store) {
        return new ReportedWeek(store, InstantSource.system(), System::nanoTime);
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
