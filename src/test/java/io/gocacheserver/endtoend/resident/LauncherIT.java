package io.gocacheserver.endtoend.resident;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoOutcome;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.Upstream;
import io.gocacheserver.endtoend.WarmMachines;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.ScriptedServer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The launcher as the real Go command starts it: in any POSIX shell, with whatever is wrong, on a terminal. */
@EnabledOnOs(OS.LINUX)
@ExtendWith(ReferenceBuild.Resolver.class)
class LauncherIT {

    private static WarmMachines machines;
    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;
    @AutoClose private ResidentMachine machine;

    @BeforeAll
    static void prepare(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        machines = WarmMachines.prepare(reference, directory, "example.test/launcher");
        service = ServiceProcess.start(directory.resolve("service"));
    }

    @BeforeEach
    void prepareMachine(ReferenceBuild reference) throws IOException {
        machine = new ResidentMachine(temp);
        reference.copyNativeCache(machine.cache());
    }

    @ParameterizedTest
    @CsvSource({"DASH, ''", "BASH, --posix", "BUSYBOX, sh"})
    void worksInAnyPosixShell(Program shell, String option) {
        String program =
                "%s %s %s --server=%s"
                        .formatted(shell.path(), option, ResidentMachine.launcher(), service.url());
        GoClient go = machine.go(service.url()).with("GOCACHEPROG", program);

        assertBuildsSilently(go, "by-itself");
        machine.serve();
        assertBuildsSilently(go, "by-resident");
        assertThat(machine.stop()).contains("served 1 go command:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "use"})
    void aWrongFlagIsNamedOnce(String resident) {
        machine.serve();
        GoOutcome built = build(machine.go(service.url(), "--nonsense", "--resident=" + resident));

        assertThat(built.exitCode()).isNotZero();
        assertThat(built.printed().stderr()).containsOnlyOnce("unknown flag --nonsense");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "use"})
    void aDirectoryThatIsNoneIsNamedOnce(String resident) throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        machine.serve();
        GoOutcome built =
                build(machine.go(service.url(), "--cache-dir=" + file, "--resident=" + resident));

        assertThat(built.exitCode()).isNotZero();
        assertThat(built.printed().stderr())
                .containsOnlyOnce("cannot use the cache directory " + file);
    }

    @Test
    void javaOptionsOfOtherProgramsDoNotDisturbTheProtocol() {
        GoClient go =
                machine.go(service.url())
                        .with("JAVA_TOOL_OPTIONS", "-Xlog:gc*=info:stdout -showversion")
                        .with("JDK_JAVA_OPTIONS", "-Xlog:gc*=info:stdout");

        assertBuildsSilently(go, "program");
    }

    @Test
    void onATerminalItSaysWhatTheEndWaitsFor() throws IOException {
        Upstream upstream = new Upstream(service.url());
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> {
                            if (exchange.head().startsWith("PUT ")) {
                                exchange.hang();
                            }
                            upstream.ask(exchange).sendTo(exchange);
                        })) {
            GoClient go = machine.go(server.url(), "--drain-timeout=3s", "--time-budget=0");
            String build = Program.GO.path() + " build -o " + temp.resolve("program") + " .";
            try (ChildProcess terminal =
                    ChildProcess.start(
                            machines.module().directory(),
                            go.environment(),
                            List.of(
                                    Program.SCRIPT.path().toString(),
                                    "-qec",
                                    build,
                                    "/dev/null"))) {
                assertThat(terminal.awaitExit(GoClient.LIMIT)).as(terminal.stdout()).isZero();
                assertThat(terminal.stdout())
                        .containsPattern(
                                "sending what this build made: \\d+ objects?, \\d+ KiB left")
                        .containsPattern("not uploaded within the drain timeout");
            }
        }
        assertThat(temp.resolve("program")).hasSameBinaryContentAs(machines.binary());
    }

    private void assertBuildsSilently(GoClient go, String name) {
        assertThat(machines.assertBuilds(go, temp.resolve(name)).stderr()).isEmpty();
    }

    private GoOutcome build(GoClient go) {
        return go.outcome(
                machines.module().directory(), "build", "-o", temp.resolve("x").toString(), ".");
    }
}
