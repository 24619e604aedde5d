package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoOutcome;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.Sha256;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every Go command makes and says with the adapter what it does without, and the next machine has hits. */
@ExtendWith(ReferenceBuild.Resolver.class)
class GoCommandsIT {

    private static Path module;
    private static GoClient natively;
    private static Path nativeCache;
    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;

    @BeforeAll
    static void generate(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        module = CommandsModule.generate(directory);
        nativeCache = reference.copyNativeCache(directory.resolve("native"));
        natively = GoClient.withNativeCache(nativeCache).with("GOWORK", "off");
        assertThat(natively.outcome(module, "mod", "vendor").exitCode()).isZero();
        GoOutcome profiled =
                natively.outcome(
                        module,
                        "test",
                        "-mod=mod",
                        "-o=" + module.resolveSibling("text.test"),
                        "-cpuprofile=" + module.resolveSibling("cpu.pprof"),
                        "./text");
        assertThat(profiled.exitCode()).as(profiled.printed().toString()).isZero();
        service = ServiceProcess.start(directory.resolve("service"));
    }

    @ParameterizedTest
    @EnumSource
    void makesAndSaysTheSame(GoCommand command, ReferenceBuild reference) throws IOException {
        if (command.needsC()) {
            Program.C_COMPILER.path();
        }
        Result plain = run(command, natively, nativeCache, "plain");

        Path firstCache = reference.copyNativeCache(temp.resolve("first-cache"));
        assertThat(run(command, machine(firstCache), firstCache, "first")).isEqualTo(plain);

        long hits = service.client().counter(CacheCounter.GET_LOCAL_HIT);
        Path secondCache = reference.copyNativeCache(temp.resolve("second-cache"));
        assertThat(run(command, machine(secondCache), secondCache, "second")).isEqualTo(plain);
        assertThat(service.client().counter(CacheCounter.GET_LOCAL_HIT)).isGreaterThan(hits);
    }

    private static GoClient machine(Path cache) {
        return GoClient.withAdapter(service.url(), cache).with("GOWORK", "off");
    }

    private Result run(GoCommand command, GoClient machine, Path cache, String name)
            throws IOException {
        Path out = Files.createDirectory(temp.resolve(name));
        Map<String, String> variables = new HashMap<>();
        command.variables().forEach((key, value) -> variables.put(key, withPaths(value, out)));
        String[] arguments =
                command.arguments().stream()
                        .map(argument -> withPaths(argument, out))
                        .toArray(String[]::new);
        GoOutcome outcome = machine.with(variables).outcome(module, arguments);
        Map<String, String> made = new HashMap<>();
        for (String file : Directories.files(out)) {
            made.put(file, Sha256.hex(Files.newInputStream(out.resolve(file))));
        }
        return new Result(
                outcome.exitCode(),
                comparable(outcome.printed().stdout(), cache),
                comparable(outcome.printed().stderr(), cache),
                made);
    }

    private static String withPaths(String text, Path out) {
        return text.replace("OUT", out.toString())
                .replace("../go.work", module.resolveSibling("go.work").toString())
                .replace("../cpu.pprof", module.resolveSibling("cpu.pprof").toString());
    }

    /** Without what differs from run to run natively too: times, progress of fuzzing, the cache's own path. */
    private static List<String> comparable(String printed, Path cache) {
        return printed.lines()
                .filter(line -> !line.startsWith("fuzz: "))
                .map(line -> line.replace(cache.toString(), "CACHE"))
                .map(line -> line.replaceAll("\\(cached\\)|\\b[0-9.]+s\\b", "TIME"))
                .toList();
    }

    /**
     * What came of a command.
     *
     * @param made SHA-256 of each file that it has made, by name
     */
    private record Result(
            int exitCode, List<String> stdout, List<String> stderr, Map<String, String> made) {}
}
