package io.gocacheserver.tracing;

import io.gocacheserver.cache.tier.RemoteCallListener;
import io.gocacheserver.cache.tier.TierDecorator;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.Tracer;

import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SdkTracerProviderBuilderCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ServerHttpObservationFilter;

@Configuration(proxyBeanMethods = false)
@Conditional(TracingSwitch.class)
class TracingConfiguration {

    private static final int BEFORE_SECURITY = Ordered.HIGHEST_PRECEDENCE + 50;

    @Bean
    TierDecorator tracedTiers(ObservationRegistry registry) {
        return new TracedTiers(registry);
    }

    @Bean
    SdkTracerProviderBuilderCustomizer idsOfBuilds() {
        return tracers -> tracers.setIdGenerator(new BuildSpans.Ids());
    }

    @Bean
    BuildSpans buildSpans(Tracer tracer) {
        return new BuildSpans(tracer);
    }

    /** A span for each call to S3, such as {@code S3 GetObject}, with its key. */
    @Bean
    RemoteCallListener tracedCalls(ObservationRegistry registry) {
        return (operation, key) -> {
            Observation observation =
                    Observation.createNotStarted("gocache.s3", registry)
                            .contextualName("S3 " + operation)
                            .lowCardinalityKeyValue("operation", operation);
            if (key != null) {
                observation.highCardinalityKeyValue("key", key);
            }
            observation.start();
            return failure -> {
                if (failure != null) {
                    observation.error(failure);
                }
                observation.stop();
            };
        };
    }

    /** A span for each request. Spring Boot's own would be there whether it is wanted or not. */
    @Bean
    FilterRegistrationBean<ServerHttpObservationFilter> tracedRequests(
            ObservationRegistry registry) {
        var registration = new FilterRegistrationBean<>(new ServerHttpObservationFilter(registry));
        registration.setOrder(BEFORE_SECURITY);
        return registration;
    }
}
