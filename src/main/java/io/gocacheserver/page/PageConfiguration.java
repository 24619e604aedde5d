package io.gocacheserver.page;

import io.gocacheserver.operations.Overviews;
import io.gocacheserver.operations.RemoteHealth;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;

@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class PageConfiguration {

    private static final Duration S3_KEPT = Duration.ofSeconds(10);

    /** From one point of the charts to the next. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    @Bean
    ThisReplica thisReplica(BuildProperties build) {
        return ThisReplica.of(build);
    }

    @Bean
    RemoteState remoteState(RemoteHealth health) {
        return new RemoteState(
                health.indicator(),
                S3_KEPT,
                Thread.ofVirtual().name("page-s3")::start,
                System::nanoTime);
    }

    @Bean
    History history() {
        return new History(INTERVAL);
    }

    @Bean
    HistoryRecorder historyRecorder(History history, Overviews overviews) {
        return new HistoryRecorder(
                history,
                () -> Totals.of(overviews.now()),
                INTERVAL,
                InstantSource.system(),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("page-history").factory()));
    }
}
