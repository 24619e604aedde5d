package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.WarmMachines;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Two hundred Go commands at once on one machine, as a build tool or an editor may start them. */
@ExtendWith(ReferenceBuild.Resolver.class)
class ManyCommandsIT {

    private static final int COMMANDS = 200;

    @TempDir private Path temp;

    @Test
    void allEndWellAndSayTheSame(ReferenceBuild reference) throws Exception {
        WarmMachines machines =
                WarmMachines.prepare(reference, temp.resolve("build"), "example.test/many");
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            GoClient machine = machines.machine(service.url(), temp.resolve("cache"));
            machines.assertBuilds(machine, temp.resolve("before"));
            Path module = machines.module().directory();
            List<ChildProcess> commands = new ArrayList<>();
            try {
                for (int i = 0; i < COMMANDS; i++) {
                    commands.add(
                            machine.start(
                                    module, "list", "-export", "-f", "{{.BuildID}}", "./..."));
                }
                assertAllSayTheSame(commands);
            } finally {
                commands.forEach(ChildProcess::close);
            }
            machines.assertBuilds(machine, temp.resolve("after"));
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
