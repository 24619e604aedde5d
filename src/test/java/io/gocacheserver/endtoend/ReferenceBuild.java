package io.gocacheserver.endtoend;

import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small module and what plain {@code go build} makes of it, to compare with. It is made once for all test classes,
 * and not to be changed by them.
 */
public record ReferenceBuild(TestModule module, Path binary, Path nativeCache) {

    /** A native cache of its own for a test, in which the standard library's packages are already. */
    public Path copyNativeCache(Path to) throws IOException {
        FileSystemUtils.copyRecursively(nativeCache, to);
        return to;
    }

    /** Gives tests their parameter of this type, and skips them where there is no Go. */
    public static final class Resolver implements ParameterResolver, ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return Program.GO
                    .reasonToSkip()
                    .map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("Go is there"));
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == ReferenceBuild.class;
        }

        @Override
        public ReferenceBuild resolveParameter(
                ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(ReferenceBuild.class))
                    .computeIfAbsent(Holder.class, type -> new Holder(), Holder.class)
                    .build;
        }
    }

    private static final class Holder implements AutoCloseable {

        final Path root;
        final ReferenceBuild build;

        Holder() {
            try {
                root = Files.createTempDirectory("reference-build-");
                TestModule module = TestModule.small(root.resolve("module"));
                build = new ReferenceBuild(module, root.resolve("program"), root.resolve("native"));
                GoClient.withNativeCache(build.nativeCache()).build(module, build.binary());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            FileSystemUtils.deleteRecursively(root);
        }
    }
}
