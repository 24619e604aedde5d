package io.gocacheserver.tracing;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.type.AnnotatedTypeMetadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Leaves OpenTelemetry out where no endpoint for traces is set: then it costs neither a request nor the start anything,
 * and lines of the log have no room for its IDs.
 */
public final class TracingSwitch implements EnvironmentPostProcessor, Condition {

    private static final String EXCLUDE = "spring.autoconfigure.exclude";

    private static final String CORRELATION = "logging.expect-correlation-id";

    private static final String TRACING = "org.springframework.boot.micrometer.tracing.";

    private static final List<String> AUTO_CONFIGURATIONS =
            List.of(
                    TRACING + "autoconfigure.MicrometerTracingAutoConfiguration",
                    TRACING + "autoconfigure.NoopTracerAutoConfiguration",
                    TRACING + "autoconfigure.otlp.OtlpExemplarsAutoConfiguration",
                    TRACING + "autoconfigure.prometheus.PrometheusExemplarsAutoConfiguration",
                    TRACING + "opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
                    TRACING + "opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration",
                    "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
                    "org.springframework.boot.opentelemetry.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration",
                    "org.springframework.boot.opentelemetry.autoconfigure.logging.otlp.OtlpLoggingAutoConfiguration");

    /** Any of these says to where. The last two are OpenTelemetry's own, which Spring Boot reads, too. */
    private static final List<String> ENDPOINTS =
            List.of(
                    "management.opentelemetry.tracing.export.otlp.endpoint",
                    "management.otlp.tracing.endpoint",
                    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                    "OTEL_EXPORTER_OTLP_ENDPOINT");

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return isOn(context.getEnvironment());
    }

    private static boolean isOn(Environment environment) {
        return ENDPOINTS.stream().anyMatch(name -> !environment.getProperty(name, "").isBlank());
    }

    @Override
    public void postProcessEnvironment(
            ConfigurableEnvironment environment, SpringApplication application) {
        if (isOn(environment)) {
            return;
        }
        List<String> excluded = new ArrayList<>(AUTO_CONFIGURATIONS);
        Binder.get(environment)
                .bind(EXCLUDE, Bindable.listOf(String.class))
                .ifBound(excluded::addAll);
        environment
                .getPropertySources()
                .addFirst(
                        new MapPropertySource(
                                "noEndpointNoTracing",
                                Map.of(EXCLUDE, String.join(",", excluded), CORRELATION, false)));
    }
}
