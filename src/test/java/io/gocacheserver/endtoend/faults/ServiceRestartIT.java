package io.gocacheserver.endtoend.faults;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Ports;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A service that is killed and started again while a build runs is used again by that build. */
@EnabledOnOs({OS.LINUX, OS.MAC})
@ExtendWith(ReferenceBuild.Resolver.class)
class ServiceRestartIT {

    /** The adapter asks again soon, so that the build is not over before. */
    private static final Map<String, String> SHORT_PAUSE =
            Map.of("GO_CACHE_ADAPTER_JAVA_OPTS", "-Dgo-cache-adapter.breaker-pause-millis=100");

    private static final long SOME_GETS = 10;

    @TempDir private Path temp;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void buildUsesTheServiceAgain(boolean resident, ReferenceBuild reference) throws IOException {
        Path disk = temp.resolve("service");
        Path binary = temp.resolve("binary");
        int port = Ports.free();
        ResidentMachine filled = new ResidentMachine(temp);
        reference.copyBaseCache(filled.cache());
        try (ResidentMachine machine = filled;
                ServiceProcess service = ServiceProcess.on(disk).port(port).start();
                ChildProcess build =
                        go(machine, resident, service.url())
                                .startBuild(reference.module(), binary)) {
            await().until(() -> service.client().counter(CacheCounter.GET_FAULT_MISS) > SOME_GETS);
            // So that the build is not over before the service is there again.
            signal("STOP", build);
            service.kill();
            try (ServiceProcess restarted = ServiceProcess.on(disk).port(port).start()) {
                signal("CONT", build);

                GoResult result = GoResult.of(build);
                assertThat(result.adapterLines()).hasSizeLessThanOrEqualTo(1);
                assertThat(binary).hasSameBinaryContentAs(reference.binary());
                assertThat(build(machine, resident, restarted, reference).compiles())
                        .as("what the build has put after the restart")
                        .hasSizeLessThan(result.compiles().size());
            }
        }
    }

    /** A build on another machine. */
    private GoResult build(
            ResidentMachine machine,
            boolean resident,
            ServiceProcess service,
            ReferenceBuild reference)
            throws IOException {
        if (resident) {
            machine.stop(); // so that all is sent
        }
        return GoClient.withAdapter(service.url(), reference.copyBaseCache(temp.resolve("other")))
                .build(reference.module(), temp.resolve("other-binary"));
    }

    private GoClient go(ResidentMachine machine, boolean resident, String url) {
        if (!resident) {
            return GoClient.withAdapter(url, machine.cache()).with(SHORT_PAUSE);
        }
        machine.serve(SHORT_PAUSE);
        return machine.go(url);
    }

    private void signal(String name, ChildProcess process) {
        List<String> command = List.of("/bin/sh", "-c", "kill -" + name + ' ' + process.pid());
        try (ChildProcess kill = ChildProcess.start(temp, Map.of(), command)) {
            assertThat(kill.awaitExit()).isZero();
        }
    }
}
