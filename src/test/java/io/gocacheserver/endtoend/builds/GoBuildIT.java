package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.Requirements;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** What one machine has compiled, no other machine compiles again. */
@Needs(Program.GO)
class GoBuildIT {

    @TempDir private Path temp;
    @AutoClose private ServiceProcess service;

    @BeforeEach
    void startService() {
        service = ServiceProcess.start(temp.resolve("service"));
    }

    @Test
    void secondMachineCompilesNothingOfALargeModule() throws IOException {
        secondMachineCompilesNothing(TestModule.large(temp.resolve("module")));
    }

    @Test
    void secondMachineCompilesNothingOfAModuleWithDependencies() throws IOException {
        TestModule module = TestModule.withDependencies(temp.resolve("module"));
        Requirements.need(
                GoClient.download(module),
                "no Go module can be downloaded",
                "give access to a module proxy (go env -w GOPROXY=…)");

        secondMachineCompilesNothing(module);
    }

    private void secondMachineCompilesNothing(TestModule module) {
        Path plain = temp.resolve("plain");
        GoClient.withNativeCache(temp.resolve("native")).build(module, plain);

        Path first = temp.resolve("first");
        GoResult firstBuild = machine("first-cache").build(module, first);
        assertThat(firstBuild.compiles()).isNotEmpty();
        assertThat(firstBuild.adapterLines()).isEmpty();
        assertThat(first).hasSameBinaryContentAs(plain);

        GoClient secondMachine = machine("second-cache");
        long hits = service.client().counter(CacheCounter.GET_LOCAL_HIT);
        long misses = service.client().counter(CacheCounter.GET_FAULT_MISS);
        GoResult packages = secondMachine.run(module, "build", "-x", "./...");
        assertThat(packages.compiles()).isEmpty();
        assertThat(packages.adapterLines()).isEmpty();
        assertThat(service.client().counter(CacheCounter.GET_FAULT_MISS) - misses)
                .isLessThanOrEqualTo(GoClient.LINK_MISSES);
        assertThat(service.client().counter(CacheCounter.GET_LOCAL_HIT) - hits)
                .as("each package was asked for")
                .isGreaterThanOrEqualTo(packageCount(module));

        Path second = temp.resolve("second");
        GoResult link = secondMachine.build(module, second);
        assertThat(link.compiles()).isEmpty();
        assertThat(second).hasSameBinaryContentAs(plain);
    }

    private GoClient machine(String cache) {
        return GoClient.withAdapter(service.url(), temp.resolve(cache));
    }

    private long packageCount(TestModule module) {
        return GoClient.withNativeCache(temp.resolve("native"))
                .run(module, "list", "-deps", "./...")
                .stdout()
                .lines()
                .filter(name -> !name.equals("unsafe"))
                .count();
    }
}
