package io.gocacheserver.endtoend.faults;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Adapters that share a directory and are killed at any moment leave what a native build can use. */
@ExtendWith(ReferenceBuild.Resolver.class)
class KilledAdapterIT {

    private static final int BUILDS = 3;

    @TempDir private Path temp;

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 40})
    void nativeBuildWorksAfterKills(int misses, ReferenceBuild reference) throws IOException {
        Path cache = reference.copyBaseCache(temp.resolve("cache"));
        List<ChildProcess> builds = new ArrayList<>();
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            GoClient machine = GoClient.withAdapter(service.url(), cache);
            for (int i = 0; i < BUILDS; i++) {
                builds.add(machine.startBuild(reference.module(), temp.resolve("killed-" + i)));
            }
            await().until(
                            () ->
                                    service.client().counter(CacheCounter.GET_FAULT_MISS) >= misses
                                            && builds.stream()
                                                    .allMatch(KilledAdapterIT::hasAdapter));
            builds.stream()
                    .flatMap(KilledAdapterIT::adapters)
                    .forEach(ProcessHandle::destroyForcibly);
            for (ChildProcess build : builds) {
                assertThat(build.awaitExit()).as("exit code").isNotZero();
                assertThat(build.stderr()).contains("GOCACHEPROG");
            }
        } finally {
            builds.forEach(ChildProcess::close);
        }

        Path binary = temp.resolve("native");
        GoClient.withNativeCache(cache).build(reference.module(), binary);
        assertThat(binary).hasSameBinaryContentAs(reference.binary());
    }

    private static boolean hasAdapter(ChildProcess build) {
        return adapters(build).findAny().isPresent();
    }

    /** The JVMs among its helpers: those that the launcher has become. */
    private static Stream<ProcessHandle> adapters(ChildProcess build) {
        return build.descendants().stream()
                .filter(
                        process ->
                                process.info()
                                        .command()
                                        .filter(name -> name.endsWith("/bin/java"))
                                        .isPresent());
    }
}
