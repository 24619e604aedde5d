package io.gocacheserver.endtoend.faults;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceFault;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TimeLimit;
import io.gocacheserver.endtoend.Upstream;
import io.gocacheserver.endtoend.WarmMachines;
import io.gocacheserver.testsupport.ScriptedServer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What {@link FaultyServiceIT}, {@code ManyCommandsIT} and {@link KilledGoIT} ask for holds through a resident process. */
@EnabledOnOs(OS.LINUX)
@ExtendWith(ReferenceBuild.Resolver.class)
class ResidentFaultIT {

    private static WarmMachines machines;
    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;
    @AutoClose private ResidentMachine machine;

    @BeforeAll
    static void fillService(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        machines = WarmMachines.prepare(reference, directory, "example.test/resident");
        service = ServiceProcess.start(directory.resolve("service"));
        machines.assertBuilds(
                machines.machine(service.url(), directory.resolve("first")),
                directory.resolve("first-program"));
    }

    @BeforeEach
    void serve(ReferenceBuild reference) throws IOException {
        machine = new ResidentMachine(temp);
        reference.copyNativeCache(machine.cache());
        machine.serve();
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT) // they wait more than they do
    void buildEndsWellAndSaysWhatIsWrong(ServiceFault fault) throws IOException {
        Upstream upstream = new Upstream(service.url());
        try (ScriptedServer server =
                new ScriptedServer(exchange -> fault.answer(exchange, upstream))) {
            GoResult result = build(server.url(), "program");

            assertThat(server.heads()).as("requests that met the fault").isNotEmpty();
            assertThat(result.stderr().lines()).hasSizeLessThanOrEqualTo(1);
            if (!fault.cause().isEmpty()) {
                assertThat(result.adapterLines())
                        .hasSize(1)
                        .first()
                        .asString()
                        .containsPattern(fault.cause());
            }
        }
        machine.stop();
        assertThat(machine.hasSessionFiles()).isFalse();
        await().untilAsserted(() -> assertThat(LeftOvers.in(machine.cache())).isEmpty());
    }

    @Test
    void faultOfOneServiceIsNoneOfAnothers() throws IOException {
        try (ScriptedServer dead = new ScriptedServer(exchange -> exchange.hangUp())) {
            build(dead.url(), "without");
            GoResult result =
                    machine.go(service.url(), "--stats")
                            .build(machines.module(), temp.resolve("with"));

            assertThat(result.adapterLines()).hasSize(1).first().asString().contains(" gets: ");
        }
    }

    @Test
    void forgetsAKilledCommand() throws IOException {
        try (ScriptedServer silent = new ScriptedServer(exchange -> exchange.hang());
                ChildProcess build =
                        machine.go(silent.url(), "--request-timeout=2m", "--time-budget=0")
                                .startBuild(machines.module(), temp.resolve("killed"))) {
            await().until(() -> !silent.heads().isEmpty());
            List<ProcessHandle> helpers = build.descendants();
            assertThat(helpers).as("the launcher at least").isNotEmpty();

            build.kill();

            await().untilAsserted(() -> assertThat(helpers).noneMatch(ProcessHandle::isAlive));
            await().until(() -> !machine.hasSessionFiles());
        }

        assertThat(build(service.url(), "next").stderr()).isEmpty();
    }

    private GoResult build(String url, String name) {
        return machines.assertBuilds(machine.go(url, TimeLimit.BUDGET_OPTION), temp.resolve(name));
    }
}
