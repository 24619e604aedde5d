package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.endtoend.WarmMachines;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Many Go commands at once on one machine, as a build tool or an editor may start them. {@code -Dmany.commands=200} for more. */
@ExtendWith(ReferenceBuild.Resolver.class)
class ManyCommandsIT {

    private static final int COMMANDS = Integer.getInteger("many.commands", 24);
    private static final int WITH_RESIDENT = 60;

    @TempDir private Path temp;

    @Test
    void allEndWellAndSayTheSame(ReferenceBuild reference) throws Exception {
        WarmMachines machines =
                WarmMachines.prepare(reference, temp.resolve("build"), "example.test/many");
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            GoClient machine = machines.machine(service.url(), temp.resolve("cache"));
            machines.assertBuilds(machine, temp.resolve("before"));
            runAtOnce(machine, machines.module(), COMMANDS);
            machines.assertBuilds(machine, temp.resolve("after"));

            try (ResidentMachine resident =
                    new ResidentMachine(Files.createDirectory(temp.resolve("resident")))) {
                reference.copyNativeCache(resident.cache());
                resident.serve();
                runAtOnce(resident.go(service.url()), machines.module(), WITH_RESIDENT);
                assertThat(resident.stop()).contains("served " + WITH_RESIDENT + " go commands");
            }
        }
    }

    private static void runAtOnce(GoClient machine, TestModule module, int count) {
        List<ChildProcess> commands = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                commands.add(
                        machine.start(
                                module.directory(),
                                "list",
                                "-export",
                                "-f",
                                "{{.BuildID}}",
                                "./..."));
            }
            assertAllSayTheSame(commands);
        } finally {
            commands.forEach(ChildProcess::close);
        }
    }

    private static void assertAllSayTheSame(List<ChildProcess> commands) {
        List<String> outputs = new ArrayList<>();
        for (ChildProcess command : commands) {
            GoResult result = GoResult.of(command);
            // On so busy a machine the service may be silent for long, which the adapter then says.
            assertThat(result.stderr().lines()).hasSameSizeAs(result.adapterLines());
            outputs.add(result.stdout());
        }
        assertThat(outputs.stream().distinct()).hasSize(1).first().asString().isNotBlank();
    }
}
