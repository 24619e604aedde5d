package io.gocacheserver.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A module and what plain {@code go build} makes of it, to compare with. It is made once for all test classes and all
 * processes that run tests, lies in the build's directory, and is not to be changed by tests.
 *
 * @param module {@link TestModule#small}, or {@link TestModule#large} for a parameter that is {@link Large}
 * @param binary its program
 * @param nativeCache a native cache after that build
 * @param dependencyCache a native cache in which all is compiled but the module's own packages
 * @param baseCache a native cache in which only those packages are compiled that take longest
 * @param commandCache of the small module: a native cache in which also those packages are compiled that tests need, or
 *     programs that print
 * @param toolCache of the small module: a native cache in which also the same is compiled as {@code go tool} does it,
 *     without the flags of {@code GOFLAGS}
 */
public record ReferenceBuild(
        TestModule module,
        Path binary,
        Path nativeCache,
        Path dependencyCache,
        Path baseCache,
        Path commandCache,
        Path toolCache) {

    /** Asks for the large module's. */
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Large {}

    /** A native cache of its own for a test, in which everything is compiled already. */
    public Path copyNativeCache(Path to) throws IOException {
        return Directories.copyCache(nativeCache, to);
    }

    /** A native cache of its own for a test, in which a build finds all but the module's own packages. */
    public Path copyDependencyCache(Path to) throws IOException {
        return Directories.copyCache(dependencyCache, to);
    }

    /**
     * A native cache of its own for a test, in which the runtime and a little more is compiled (for the large module: the
     * standard library): a build has something to compile, and takes a fraction of the time.
     */
    public Path copyBaseCache(Path to) throws IOException {
        return Directories.copyCache(baseCache, to);
    }

    /** A native cache of its own for a test that runs other commands than {@code go build}. */
    public Path copyCommandCache(Path to) throws IOException {
        return Directories.copyCache(commandCache, to);
    }

    /** A native cache of its own for a test of {@code go tool}, or of coverage of packages without tests, which runs that. */
    public Path copyToolCache(Path to) throws IOException {
        return Directories.copyCache(toolCache, to);
    }

    /** Gives a service all that the module needs, by a build on a machine that has it. */
    public void fill(ServiceProcess service, Path directory) throws IOException {
        Path cache = copyNativeCache(directory.resolve("filling-cache"));
        GoResult result =
                GoClient.withAdapter(service.url(), cache)
                        .build(module, directory.resolve("filling-program"));
        assertThat(result.adapterLines()).isEmpty();
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
            var kept =
                    context.getRoot()
                            .getStore(ExtensionContext.Namespace.create(ReferenceBuild.class));
            ReferenceBuild small =
                    kept.computeIfAbsent(
                            "small",
                            size ->
                                    new Maker("small", List.of(TestModule.EMBED), Path.of("none"))
                                            .make(TestModule::small),
                            ReferenceBuild.class);
            return parameter.isAnnotated(Large.class)
                    ? kept.computeIfAbsent(
                            "large",
                            size ->
                                    new Maker("large", TestModule.LARGE_IMPORTS, small.baseCache())
                                            .make(TestModule::large),
                            ReferenceBuild.class)
                    : small;
        }
    }

    private record Maker(Path root, List<String> basePackages, Path before) {

        private static final Path PLACE = Path.of("target", "reference-build").toAbsolutePath();

        private interface Generator {
            TestModule generate(Path directory) throws IOException;
        }

        Maker(String name, List<String> basePackages, Path before) {
            this(PLACE.resolve(Program.goEnv("GOVERSION")).resolve(name), basePackages, before);
        }

        ReferenceBuild make(Generator generator) {
            ReferenceBuild build =
                    new ReferenceBuild(
                            new TestModule(root.resolve("module"), TestModule.NAME),
                            root.resolve("program"),
                            root.resolve("native"),
                            root.resolve("dependencies"),
                            root.resolve("base"),
                            root.resolve("commands"),
                            root.resolve("tools"));
            try {
                Files.createDirectories(PLACE);
                try (FileChannel lock =
                                FileChannel.open(
                                        PLACE.resolve("lock"),
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.WRITE);
                        FileLock held = lock.lock()) {
                    String recipe = recipe(generator);
                    Path made = root.resolve("recipe");
                    if (held.isValid()
                            && !(Files.exists(made) && Files.readString(made).equals(recipe))) {
                        make(build, generator);
                        Files.writeString(made, recipe);
                    }
                }
                return build;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** All that a build depends on, so that one of other sources or flags is not taken for it. */
        private String recipe(Generator generator) throws IOException {
            Path sources = Files.createTempDirectory(PLACE, "sources");
            try {
                generator.generate(sources);
                StringBuilder recipe =
                        new StringBuilder(
                                "dependencies, program, commands, tools; "
                                        + GoClient.FLAGS
                                        + basePackages);
                for (String file : Directories.files(sources)) {
                    recipe.append(file).append(Files.readString(sources.resolve(file)));
                }
                return recipe.toString();
            } finally {
                FileSystemUtils.deleteRecursively(sources);
            }
        }

        private void make(ReferenceBuild build, Generator generator) throws IOException {
            FileSystemUtils.deleteRecursively(root);
            TestModule module = generator.generate(build.module().directory());
            boolean small = !Files.isDirectory(before);
            if (!small) {
                Directories.copyCache(before, build.baseCache());
            }
            build(basePackages, module, build.baseCache());
            build.copyBaseCache(build.dependencyCache());
            build(TestModule.SMALL_IMPORTS, module, build.dependencyCache());
            build.copyDependencyCache(build.nativeCache());
            GoClient.withNativeCache(build.nativeCache()).build(module, build.binary());
            if (small) {
                // Results are not kept: a test of the same package is run.
                build(List.of("fmt"), module, build.copyNativeCache(build.commandCache()));
                GoClient.withNativeCache(build.commandCache())
                        .run(module, "test", "-count=1", "./p0");
                GoClient.withNativeCache(build.copyNativeCache(build.toolCache()))
                        .run(module, "test", "-count=1", "-cover", ".", "./p0");
            }
        }

        private static void build(List<String> packages, TestModule module, Path cache) {
            List<String> arguments = new ArrayList<>(List.of("build"));
            arguments.addAll(packages);
            GoClient.withNativeCache(cache).run(module, arguments.toArray(String[]::new));
        }
    }
}
