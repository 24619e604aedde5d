package io.gocacheserver.tracing;

import io.gocacheserver.cache.tier.TierDecorator;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.Tracer;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SdkTracerProviderBuilderCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ServerHttpObservationFilter;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

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

    @Bean
    ExecutionInterceptor tracedCalls(ObservationRegistry registry) {
        return new TracedCalls(registry);
    }

    /** A span for each request. Spring Boot's own would be there whether it is wanted or not. */
    @Bean
    FilterRegistrationBean<ServerHttpObservationFilter> tracedRequests(
            ObservationRegistry registry) {
        var registration = new FilterRegistrationBean<>(new ServerHttpObservationFilter(registry));
        registration.setOrder(BEFORE_SECURITY);
        return registration;
    }

    /** A span for each call to S3, its retries included, such as {@code S3 GetObject}, with its key. */
    private record TracedCalls(ObservationRegistry registry) implements ExecutionInterceptor {

        private static final ExecutionAttribute<Observation> CALL =
                new ExecutionAttribute<>("io.gocacheserver.call");

        @Override
        public void beforeExecution(
                Context.BeforeExecution context, ExecutionAttributes attributes) {
            String operation =
                    String.valueOf(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
            Observation observation =
                    Observation.createNotStarted("gocache.s3", registry)
                            .contextualName("S3 " + operation)
                            .lowCardinalityKeyValue("operation", operation);
            context.request()
                    .getValueForField("Key", String.class)
                    .ifPresent(key -> observation.highCardinalityKeyValue("key", key));
            attributes.putAttribute(CALL, observation.start());
        }

        @Override
        public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
            end(attributes, null);
        }

        @Override
        public void onExecutionFailure(
                Context.FailedExecution context, ExecutionAttributes attributes) {
            end(attributes, context.exception());
        }

        /** There is no call if something before this one failed at once. */
        private static void end(ExecutionAttributes attributes, @Nullable Throwable failure) {
            Observation call = attributes.getAttribute(CALL);
            if (call != null && failure != null) {
                call.error(failure);
            }
            if (call != null) {
                call.stop();
            }
        }
    }
}
