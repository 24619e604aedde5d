package io.gocacheserver.s3;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

import java.util.Map;

/**
 * Switches Spring Cloud AWS's S3 client off where {@code cache-server.s3.bucket} names no bucket: it would insist on a
 * region, and the service runs without any S3.
 */
public final class S3ClientSwitch implements EnvironmentPostProcessor {

    static final class OnBucket implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return isBucketNamed(context.getEnvironment());
        }
    }

    private static boolean isBucketNamed(PropertyResolver properties) {
        return StringUtils.hasText(properties.getProperty("cache-server.s3.bucket"));
    }

    @Override
    public void postProcessEnvironment(
            ConfigurableEnvironment environment, SpringApplication application) {
        if (!isBucketNamed(environment)) {
            environment
                    .getPropertySources()
                    .addLast(
                            new MapPropertySource(
                                    "noBucketNoS3Client",
                                    Map.of("spring.cloud.aws.s3.enabled", "false")));
        }
    }
}
