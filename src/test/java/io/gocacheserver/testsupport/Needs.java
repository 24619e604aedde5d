package io.gocacheserver.testsupport;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.Optional;

/** What a class or a test cannot do without: where it is missing they are skipped before anything is set up for them. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Needs.Condition.class)
public @interface Needs {

    Program[] value() default {};

    boolean root() default false;

    /** Looks for them. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), Needs.class)
                    .flatMap(Condition::reasonToSkip)
                    .map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("all is there"));
        }

        private static Optional<String> reasonToSkip(Needs needs) {
            Optional<String> program =
                    Arrays.stream(needs.value())
                            .map(Program::reasonToSkip)
                            .flatMap(Optional::stream)
                            .findFirst();
            return needs.root() ? program.or(Requirements::reasonWithoutRoot) : program;
        }
    }
}
