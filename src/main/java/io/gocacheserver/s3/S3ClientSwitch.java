package io.gocacheserver.s3;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

import java.util.Map;

/**
 * Switches Spring Cloud AWS's S3 client off where no bucket is named: it would insist on a region, and the service runs
 * without any S3.
 */
public final class S3ClientSwitch implements EnvironmentPostProcessor {

    @Override
    public void postProcessEnvironment(
            ConfigurableEnvironment environment, SpringApplication application) {
        if (!OnBucketCondition.isBucketNamed(environment)) {
            environment
                    .getPropertySources()
                    .addLast(
                            new MapPropertySource(
                                    "noBucketNoS3Client",
                                    Map.of("spring.cloud.aws.s3.enabled", "false")));
        }
    }
}
