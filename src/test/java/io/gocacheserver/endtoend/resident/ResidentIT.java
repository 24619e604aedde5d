package io.gocacheserver.endtoend.resident;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.Upstream;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.Waiting;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Builds through the resident process, and what happens when it is not as it should be. */
@EnabledOnOs(OS.LINUX)
@ExtendWith(ReferenceBuild.Resolver.class)
class ResidentIT {

    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;
    @AutoClose private ResidentMachine machine;
    private Path launcher = ResidentMachine.launcher();

    @BeforeAll
    static void startService(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        service = ServiceProcess.start(directory.resolve("service"));
        reference.fill(service, directory);
    }

    @BeforeEach
    void prepare() {
        machine = new ResidentMachine(temp);
    }

    @Test
    void secondBuildCompilesNothing(ReferenceBuild reference) {
        ChildProcess resident = machine.serve();
        build(reference, "first");

        GoResult second = build(reference, "second");

        assertThat(second.compiles()).isEmpty();
        assertThat(second.adapterLines()).isEmpty();
        assertThat(machine.stop()).contains("served 2 go commands");
        assertThat(resident.awaitExit()).isZero();
    }

    @Test
    void serves200AtOnce() throws Exception {
        machine.serve();
        List<Process> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                ProcessBuilder builder =
                        new ProcessBuilder(launcher.toString(), "--server", service.url())
                                .redirectError(temp.resolve("stderr-" + i).toFile());
                builder.environment().putAll(machine.environment());
                sessions.add(builder.start());
            }
            for (Process session : sessions) {
                session.getOutputStream()
                        .write(
                                "{\"ID\":1,\"Command\":\"close\"}\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                session.getOutputStream().flush();
            }
            for (int i = 0; i < sessions.size(); i++) {
                Process session = sessions.get(i);
                try (BufferedReader answers = session.inputReader()) {
                    assertThat(answers.lines())
                            .as("stderr: %s", Files.readString(temp.resolve("stderr-" + i)))
                            .hasSize(2)
                            .last()
                            .isEqualTo("{\"ID\":1}");
                }
                assertThat(session.waitFor(Waiting.LIMIT)).isTrue();
            }
        } finally {
            sessions.forEach(Process::destroyForcibly);
        }
        assertThat(machine.stop()).contains("served 200 go commands");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20})
    void buildFailsAtOnceWhenTheProcessIsKilled(int misses, ReferenceBuild reference)
            throws IOException {
        reference.copyBaseCache(machine.cache());
        ChildProcess resident = machine.serve();
        Path binary = temp.resolve("binary");
        try (ServiceProcess empty = ServiceProcess.start(temp.resolve("empty-service"));
                ChildProcess build =
                        machine.go(empty.url()).startBuild(reference.module(), binary)) {
            await().until(() -> empty.client().counter(CacheCounter.GET_FAULT_MISS) >= misses);
            assertThat(build.isRunning()).isTrue();

            resident.kill();

            assertThat(build.awaitExit()).as(build.stderr()).isEqualTo(1);
            // What the Go command itself says depends on what it was doing: reading or writing.
            assertThat(build.stderr())
                    .contains("go-cache-adapter: the resident process was killed");
            assertThat(binary).doesNotExist();
            assertThat(machine.hasSessionFiles()).isFalse();
        }
        assertThat(build(reference, "again").adapterLines()).isEmpty();
    }

    @Test
    void stopEndsTheProcessAfterTheCommandsThatStillRun(ReferenceBuild reference)
            throws IOException {
        ChildProcess resident = machine.serve();
        Path binary = temp.resolve("binary");
        CompletableFuture<Void> release = new CompletableFuture<>();
        Upstream upstream = new Upstream(service.url());
        try (ScriptedServer server =
                        new ScriptedServer(
                                exchange -> {
                                    release.join();
                                    upstream.ask(exchange).sendTo(exchange);
                                });
                ChildProcess build =
                        machine.go(server.url(), "--request-timeout=2m", "--time-budget=0")
                                .startBuild(reference.module(), binary)) {
            await().until(() -> !server.heads().isEmpty());

            ChildProcess stop = machine.start("stop", "--drain-timeout", "100ms");

            assertThat(stop.awaitExit()).isZero();
            assertThat(stop.stderr()).contains("1 still running, and served to their end");
            release.complete(null);
            GoResult.of(build);
        }
        assertThat(binary).hasSameBinaryContentAs(reference.binary());
        assertThat(resident.awaitExit()).isZero();
    }

    @Test
    void aStaleSocketIsPassedOver(ReferenceBuild reference) {
        machine.serve().kill();
        assertThat(machine.launchSocket()).exists();

        assertThat(build(reference, "binary").adapterLines()).isEmpty();
    }

    @Test
    @Needs(root = true)
    void aSocketOfAnotherUserIsPassedOver(ReferenceBuild reference) throws IOException {
        ChildProcess resident = machine.serve();
        Files.setAttribute(machine.launchSocket(), "unix:uid", 65534);

        assertThat(build(reference, "binary").adapterLines()).isEmpty();

        resident.terminate();
        resident.awaitExit();
        assertThat(resident.stderr()).contains("served 0 go commands");
    }

    @Test
    void retiresWhenALauncherIsOfAnotherVersion(ReferenceBuild reference) throws IOException {
        ChildProcess resident = machine.serve();
        launcher = AdapterCopy.ofVersion("99.0", temp.resolve("other"));

        assertThat(build(reference, "binary").adapterLines()).isEmpty();

        assertThat(resident.awaitExit()).isZero();
        assertThat(resident.stderr()).contains("a launcher is of version 99.0");
        assertThat(machine.launchSocket()).doesNotExist();
    }

    @Test
    void aSecondOneLeavesTheFirstAlone() {
        machine.serve();

        ChildProcess second = machine.start("serve");

        assertThat(second.awaitExit()).isZero();
        assertThat(second.stderr()).contains("already");
        assertThat(machine.stop()).contains("served 0 go commands");
    }

    @Test
    void endsWhenItIsIdle() {
        ChildProcess resident = machine.serve("--idle-timeout", "300ms");

        assertThat(resident.awaitExit()).isZero();
        assertThat(resident.stderr()).contains("idle");
        assertThat(machine.launchSocket()).doesNotExist();
    }

    @Test
    void isStartedByTheFirstCommandThatWantsIt(ReferenceBuild reference) {
        Path binary = temp.resolve("first");
        try (ChildProcess build = startBuild(reference, binary, "--resident=start")) {
            GoResult.of(build);
        }
        await().until(machine::isServing);

        build(reference, "second");

        assertThat(machine.stop()).contains("served 1 go command:");
    }

    private GoResult build(ReferenceBuild reference, String name) {
        Path binary = temp.resolve(name);
        try (ChildProcess build = startBuild(reference, binary)) {
            GoResult result = GoResult.of(build);
            assertThat(binary).hasSameBinaryContentAs(reference.binary());
            return result;
        }
    }

    private ChildProcess startBuild(ReferenceBuild reference, Path binary, String... flags) {
        return machine.go(launcher, service.url(), flags).startBuild(reference.module(), binary);
    }
}
