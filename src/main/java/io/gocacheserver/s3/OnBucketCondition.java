package io.gocacheserver.s3;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** There is an S3 tier if and only if {@code cache-server.s3.bucket} names a bucket. */
final class OnBucketCondition implements Condition {

    static boolean isBucketNamed(PropertyResolver properties) {
        return StringUtils.hasText(properties.getProperty("cache-server.s3.bucket"));
    }

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return isBucketNamed(context.getEnvironment());
    }
}
