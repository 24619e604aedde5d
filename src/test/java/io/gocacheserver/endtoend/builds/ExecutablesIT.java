package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Executables that cmd/go keeps in its cache ({@code go run}, {@code go tool}) come to other machines as it keeps them,
 * and run there.
 */
@ExtendWith(ReferenceBuild.Resolver.class)
class ExecutablesIT {

    private static final String LINKER = "/link -o ";

    @AutoClose private static ServiceProcess service;
    private static final AtomicInteger MODULES = new AtomicInteger();

    @TempDir private Path temp;
    private ReferenceBuild reference;
    private TestModule module;
    private String says;
    private boolean runsTools;

    @BeforeAll
    static void start(@TempDir Path directory) {
        service = ServiceProcess.start(directory.resolve("service"));
    }

    /** A module of its own for each test, so that the service has nothing of it and no profile. */
    @BeforeEach
    void generate(ReferenceBuild shared) throws IOException {
        reference = shared;
        String name = "example.test/programs" + MODULES.incrementAndGet();
        says = "package of " + name;
        module = TestModule.empty(temp.resolve("module"), name);
        module.write("go.mod", "module %s\n\ngo 1.24\n\ntool %s/gen\n".formatted(name, name));
        module.write("gen/main.go", program(says));
        module.write("files/other.go", program("file beside " + says));
        module.write(
                "gen/generate.go",
                """
                package main

                //go:generate go run %s/gen
                //go:generate go run ../files/other.go
                //go:generate go tool gen
                """
                        .formatted(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run ./gen",
                "run ./gen/main.go ./gen/generate.go",
                "run ./files/other.go",
                "tool gen",
                "generate ./gen"
            })
    void runOnTheNextMachineWithoutBeingLinked(String command) throws IOException {
        String[] words = command.split(" ");
        runsTools = !words[0].equals("run");
        GoResult natively = GoClient.withNativeCache(machine("first")).run(module, words);
        withAdapter("first", words);

        GoResult second = withAdapter("second", words);
        assertThat(comparable(second, "second")).isEqualTo(comparable(natively, "first"));
        assertThat(executables("second")).isEqualTo(executables("first")).isNotEmpty();
        if (words[0].equals("run")) {
            String[] shown = command.replace("run ", "run -x ").split(" ");
            assertThat(withAdapter("third", shown).stderr()).doesNotContain(LINKER);
        }
    }

    @Test
    void runOnWithTheAdapterSwitchedOff() throws IOException {
        keepNatively();
        withAdapter("second", "run", "./gen");

        GoResult natively =
                GoClient.withNativeCache(temp.resolve("second")).run(module, "run", "-x", "./gen");
        assertThat(natively.stderr()).doesNotContain(LINKER);
        assertThat(executables("second")).isEqualTo(executables("first"));
    }

    @Test
    void runNativelyAfterRestore() throws IOException {
        GoClient first = GoClient.withNativeCache(machine("first"));
        first.run(module, "run", "./gen");
        List<String> packages = executables("first");
        first.run(module, "run", "./files/other.go");
        adapter("first", "save");

        machine("second");
        adapter("second", "restore");
        assertThat(executables("second")).isEqualTo(packages);
        GoClient second = GoClient.withNativeCache(temp.resolve("second"));
        assertThat(second.run(module, "run", "-x", "./gen").stderr()).doesNotContain(LINKER);
        second.run(module, "run", "./files/other.go");
        assertThat(executables("second")).isEqualTo(executables("first"));
    }

    @Test
    void runIfPutUnderTheirLinkActionByHttp() throws IOException {
        GoClient.withNativeCache(machine("first")).run(module, "run", "./gen");
        byte[] script = TestValues.bytes("#!/bin/sh\necho script\n");
        OutputId output = TestValues.output(script);
        ActionId link = linkAction("first");
        assertThat(
                        service.client()
                                .put(
                                        link,
                                        output,
                                        script.length,
                                        () -> new ByteArrayInputStream(script)))
                .isEqualTo(204);

        assertThat(withAdapter("second", "run", "./gen").stdout()).isEqualTo("script\n");
        assertThat(
                        GoClient.withNativeCache(temp.resolve("second"))
                                .run(module, "run", "./gen")
                                .stdout())
                .isEqualTo("script\n");
        assertThat(service.client().getEntry(link).statusCode()).isEqualTo(404);
    }

    @Test
    @Needs(Program.GO_CACHER)
    void otherClientsLinkThemselves() throws IOException {
        keepNatively();
        GoClient goCacher = GoClient.withGoCacher(service.url(), temp.resolve("go-cacher"));

        assertThat(goCacher.run(module, "run", "./gen").stdout()).isEqualTo(says + "\n");
        assertThat(service.client().getEntry(linkAction("first")).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void plainOnesOfFormerVersionsAreHealed(boolean serviceUp) throws IOException {
        keepNatively();
        withAdapter("second", "run", "./gen");
        poison("second");
        assertThat(
                        GoClient.withNativeCache(temp.resolve("second"))
                                .outcome(module.directory(), "run", "./gen")
                                .exitCode())
                .as("the fault that is to be healed")
                .isNotZero();
        String url = serviceUp ? service.url() : "http://127.0.0.1:" + Ports.free();

        assertThat(withAdapterTo(url, "second", "run", "./gen").stdout()).isEqualTo(says + "\n");
        GoClient natively = GoClient.withNativeCache(temp.resolve("second"));
        assertThat(natively.run(module, "run", "./gen").stdout()).isEqualTo(says + "\n");
        assertThat(executables("second")).isEqualTo(executables("first"));
    }

    @Test
    void plainOnesAreHealedByRestoreToo() throws IOException {
        keepNatively();
        withAdapter("second", "run", "./gen");
        poison("second");

        adapter("second", "restore");

        GoClient natively = GoClient.withNativeCache(temp.resolve("second"));
        assertThat(natively.run(module, "run", "./gen").stdout()).isEqualTo(says + "\n");
    }

    @Test
    void aToolsPathNamesAFileThatStaysThoughNobodyHadTheTool() throws IOException {
        runsTools = true;
        Path first = Path.of(withAdapter("first", "tool", "-n", "gen").stdout().strip());
        assertThat(first).startsWith(temp.resolve("first")).isExecutable();

        Path second = Path.of(withAdapter("second", "tool", "-n", "gen").stdout().strip());
        assertThat(second).startsWith(temp.resolve("second")).isExecutable();
        assertThat(second).hasSameBinaryContentAs(first);
    }

    /** The first machine has one, and the service has it from there. */
    private void keepNatively() throws IOException {
        GoClient.withNativeCache(machine("first")).run(module, "run", "./gen");
        withAdapter("first", "run", "./gen");
    }

    private GoResult withAdapter(String machine, String... command) throws IOException {
        return withAdapterTo(service.url(), machine, command);
    }

    private GoResult withAdapterTo(String url, String machine, String... command)
            throws IOException {
        GoClient client = GoClient.withAdapterOnNativeCache(url, machine(machine));
        String path = Program.GO.path().getParent() + ":/usr/bin:/bin";
        return client.with("PATH", path).run(module, command);
    }

    private void adapter(String machine, String command) {
        Map<String, String> environment =
                new HashMap<>(GoClient.withNativeCache(temp.resolve(machine)).environment());
        environment.put("PATH", Program.GO.path().getParent() + ":/usr/bin:/bin");
        List<String> words =
                List.of(
                        Objects.requireNonNull(System.getProperty("adapter.launcher")),
                        command,
                        "--server=" + service.url());
        try (ChildProcess process = ChildProcess.start(module.directory(), environment, words)) {
            assertThat(process.awaitExit(GoClient.LIMIT)).as(process.stderr()).isZero();
        }
    }

    /** A machine's cache directory, in which the standard library is compiled already. */
    private Path machine(String name) throws IOException {
        Path cache = temp.resolve(name);
        if (Files.exists(cache)) {
            return cache;
        }
        return runsTools ? reference.copyToolCache(cache) : reference.copyCommandCache(cache);
    }

    private String comparable(GoResult result, String machine) {
        return result.stdout().replace(temp.resolve(machine).toString(), "CACHE");
    }

    /** Path and permissions of each executable in a machine's cache. */
    private List<String> executables(String machine) throws IOException {
        Path cache = temp.resolve(machine);
        List<String> found = new ArrayList<>();
        for (Path directory : entries(cache, "*-d")) {
            if (Files.isDirectory(directory)) {
                for (Path file : entries(directory, "*")) {
                    String permissions =
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                    found.add(cache.relativize(file) + " " + permissions);
                }
            }
        }
        return found;
    }

    private ActionId linkAction(String machine) throws IOException {
        Path cache = temp.resolve(machine);
        String output = executables(machine).getFirst().substring(3, 3 + 64);
        for (Path file : entries(cache, "*-a")) {
            String line = Files.readString(file);
            if (line.contains(output)) {
                return new ActionId(line.substring(3, 3 + 64));
            }
        }
        throw new IllegalStateException("no action has produced " + output);
    }

    /** What the adapter made of executables up to version 0.1.0: plain files. */
    private void poison(String machine) throws IOException {
        for (Path directory : entries(temp.resolve(machine), "*-d")) {
            if (Files.isDirectory(directory)) {
                Path file = entries(directory, "*").getFirst();
                Path plain = Files.move(file, directory.resolveSibling("moved"));
                Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rw-r--r--"));
                Files.delete(directory);
                Files.move(plain, directory);
            }
        }
    }

    /** What is in the directory and has such a name, or in its subdirectories. */
    private static List<Path> entries(Path directory, String pattern) throws IOException {
        var matcher = directory.getFileSystem().getPathMatcher("glob:" + pattern);
        try (Stream<Path> all = Files.walk(directory, 2)) {
            return all.filter(path -> !path.equals(directory))
                    .filter(path -> matcher.matches(path.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static String program(String says) {
        return """
                package main

                import "os"

                func main() { os.Stdout.WriteString("%s\\n") }
                """
                .formatted(says);
    }
}
