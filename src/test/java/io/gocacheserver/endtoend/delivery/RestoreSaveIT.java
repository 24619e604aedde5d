package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code restore} and {@code save} around builds of the real Go command that knows no helper. */
@ExtendWith(ReferenceBuild.Resolver.class)
class RestoreSaveIT {

    private static final AtomicInteger MODULES = new AtomicInteger();

    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;
    private TestModule module;
    private String url = "";

    @BeforeAll
    static void start(@TempDir Path directory) {
        service = ServiceProcess.start(directory.resolve("service"));
    }

    /** A module of its own for each test, which the service does not know. */
    @BeforeEach
    void generate(ReferenceBuild reference) throws IOException {
        String name = "example.test/restored" + MODULES.incrementAndGet();
        module = TestModule.tiny(temp.resolve("module"), name);
        url = service.url();
        reference.copyNativeCache(temp.resolve("first"));
    }

    @Test
    void aFreshMachineCompilesNothingAfterRestore() {
        machine("first").build(module, temp.resolve("binary-1"));
        assertThat(adapter("first", "save")).containsPattern("sent \\d+ of \\d+ used entries");

        assertThat(adapter("second", "restore")).containsPattern("restore: \\d+ objects came");
        GoResult build = machine("second").build(module, temp.resolve("binary-2"));

        assertThat(build.compiles()).isEmpty();
        assertThat(temp.resolve("binary-2")).hasSameBinaryContentAs(temp.resolve("binary-1"));
    }

    @Test
    void saveSendsWhatIsNewAndNotesWhatWasUsed() throws IOException {
        machine("first").build(module, temp.resolve("binary-1"));
        adapter("first", "save");
        adapter("second", "restore");
        module.write("p0/more.go", "package p0\n\nfunc More() string {\n\treturn \"more\"\n}\n");
        machine("second").build(module, temp.resolve("binary-2"));

        String saved = adapter("second", "save");
        assertThat(saved).doesNotContain(": sent 0 of");
        assertThat(adapter("second", "save")).contains(": sent 0 of");

        adapter("third", "restore");
        GoResult build = machine("third").build(module, temp.resolve("binary-3"));
        assertThat(build.compiles()).isEmpty();
        assertThat(temp.resolve("binary-3")).hasSameBinaryContentAs(temp.resolve("binary-2"));
    }

    @Test
    void whatBuildsWithTheAdapterHaveUsedIsRestoredToo() {
        GoClient.withAdapter(service.url(), temp.resolve("first"))
                .build(module, temp.resolve("binary-1"));

        adapter("second", "restore");
        GoResult build = machine("second").build(module, temp.resolve("binary-2"));

        assertThat(build.compiles()).isEmpty();
    }

    @Test
    void aServiceThatKnowsNothingIsSaidToAndIsNoFailure() {
        assertThat(adapter("first", "restore")).contains("knows no build of this module");
    }

    @Test
    void aServiceThatIsGoneFailsNoJob() {
        url = "http://127.0.0.1:" + Ports.free();
        machine("first").build(module, temp.resolve("binary-1"));

        assertThat(adapter("first", "restore")).contains("no answer of a cache service", "doctor");
        machine("first").build(module, temp.resolve("binary-2"));
        assertThat(adapter("first", "save")).contains(": sent 0 of", "not sent", "doctor");
    }

    @Test
    void aModeThatForbidsItIsKeptTo() {
        machine("first").build(module, temp.resolve("binary-1"));

        assertThat(adapter("first", "save", "--mode=read-only")).contains("nothing is sent");
        assertThat(adapter("first", "restore", "--mode=write-only")).contains("nothing is fetched");
    }

    @Test
    void withoutAGoThatAnswersItSaysWhatIsMissing() throws IOException {
        Path broken = Files.createDirectory(temp.resolve("bin")).resolve("go");
        Files.writeString(broken, "#!/bin/sh\nexit 1\n");
        assertThat(broken.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = new HashMap<>(machine("first").environment());
        environment.put("PATH", broken.getParent() + ":/usr/bin:/bin");
        try (ChildProcess process = start(environment, "restore")) {
            assertThat(process.awaitExit(GoClient.LIMIT)).isEqualTo(1);
            assertThat(process.stderr()).contains("no 'go' on PATH answers");
        }
    }

    private GoClient machine(String name) {
        return GoClient.withNativeCache(temp.resolve(name));
    }

    /** Runs a command of the adapter on a machine; it must succeed. What it says. */
    private String adapter(String machine, String command, String... options) {
        Map<String, String> environment = new HashMap<>(machine(machine).environment());
        environment.put("PATH", Program.GO.path().getParent() + ":/usr/bin:/bin");
        try (ChildProcess process = start(environment, command, options)) {
            int exitCode = process.awaitExit(GoClient.LIMIT);
            assertThat(exitCode).as("exit code; stderr: %s", process.stderr()).isZero();
            return process.stderr();
        }
    }

    private ChildProcess start(Map<String, String> environment, String command, String... options) {
        List<String> words = new ArrayList<>();
        words.add(Objects.requireNonNull(System.getProperty("adapter.launcher")));
        words.add(command);
        words.add("--server=" + url);
        words.addAll(List.of(options));
        return ChildProcess.start(module.directory(), environment, words);
    }
}
