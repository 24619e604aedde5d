package io.gocacheserver.tracing;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether traces are to be sent somewhere: {@link TracingSwitch#isOn}. */
final class OnTracing implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return TracingSwitch.isOn(context.getEnvironment());
    }
}
