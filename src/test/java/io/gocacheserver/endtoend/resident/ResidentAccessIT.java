package io.gocacheserver.endtoend.resident;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.WarmMachines;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;

/** The ways to a resident process: who may come, the bare protocol by socket and TCP, and its successor. */
@EnabledOnOs(OS.LINUX)
@ExtendWith(ReferenceBuild.Resolver.class)
class ResidentAccessIT {

    private static WarmMachines machines;
    @AutoClose private static ServiceProcess service;

    private final AtomicInteger builds = new AtomicInteger();
    @TempDir private Path temp;
    @AutoClose private ResidentMachine machine;

    @BeforeAll
    static void prepare(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        machines = WarmMachines.prepare(reference, directory, "example.test/access");
        service = ServiceProcess.start(directory.resolve("service"));
    }

    @BeforeEach
    void prepareMachine(ReferenceBuild reference) throws IOException {
        machine = new ResidentMachine(temp);
        reference.copyNativeCache(machine.cache());
    }

    @Test
    void nobodyElseCanUseItsSockets() throws IOException {
        machine.serve();

        assertThat(mode(machine.runDirectory())).isEqualTo("rwx------");
        assertThat(mode(machine.socket())).isEqualTo("rw-------");
        assertThat(mode(machine.launchSocket())).isEqualTo("rw-------");
    }

    @Test
    void isNotPutWhereOthersCouldTakeItsPlace() throws IOException {
        Files.createDirectory(machine.runDirectory());
        Files.setPosixFilePermissions(
                machine.runDirectory(), PosixFilePermissions.fromString("rwxrwxrwx"));

        ChildProcess resident = machine.serve();

        assertThat(resident.awaitExit()).isEqualTo(1);
        assertThat(resident.stderr()).contains("others can write to the socket's directory");
    }

    @Test
    void speaksTheBareProtocolOnItsSocket() {
        machine.serve("--server", service.url());

        assertBuildsThrough("%s -N -U %s".formatted(Program.NETCAT.path(), machine.socket()));
    }

    @Test
    void endsWhatItHasWhenALauncherOfAnotherVersionComes() throws Exception {
        ChildProcess older = machine.serve();
        ProcessBuilder command =
                new ProcessBuilder(ResidentMachine.launcher().toString(), "--server", service.url())
                        .redirectError(temp.resolve("stderr").toFile())
                        .directory(temp.toFile());
        command.environment().putAll(machine.environment());
        Process open = command.start();
        Path newer = AdapterCopy.ofVersion("99.0", temp.resolve("newer"));
        try (BufferedReader answers = open.inputReader()) {
            assertThat(answers.readLine()).contains("KnownCommands");
            ask(open, "{\"ID\":1,\"Command\":\"unknown\"}\n");
            assertThat(answers.readLine()).contains("\"ID\":1,");

            build(machine.go(newer, service.url()));
            assertThat(older.isRunning()).isTrue();
            ChildProcess successor = machine.run(machine.environment(), newer.toString(), "serve");
            ResidentMachine.awaitServing(successor);
            build(machine.go(newer, service.url()));

            ask(open, "{\"ID\":2,\"Command\":\"close\"}\n");
            assertThat(answers.readLine()).isEqualTo("{\"ID\":2}");
        } finally {
            open.destroyForcibly();
        }
        assertThat(older.awaitExit()).isZero();
        assertThat(older.stderr()).contains("served 1 go command:");
        assertThat(machine.stop()).contains("served 1 go command:");
    }

    private static void ask(Process session, String line) throws IOException {
        session.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
        session.getOutputStream().flush();
    }

    private void assertBuildsThrough(String program) {
        build(machine.go(service.url()).with("GOCACHEPROG", program));
        assertThat(machine.stop()).containsPattern("served 1 go command: \\d+ gets: .* uploaded");
    }

    private void build(GoClient go) {
        Path program = temp.resolve("program-" + builds.incrementAndGet());
        assertThat(machines.assertBuilds(go, program).stderr()).isEmpty();
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
