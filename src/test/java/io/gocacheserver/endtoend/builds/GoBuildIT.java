package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ReferenceBuild.Large;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Requirements;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** What one machine has compiled, no other machine compiles again. */
@ExtendWith(ReferenceBuild.Resolver.class)
class GoBuildIT {

    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;

    @BeforeAll
    static void startService(@TempDir Path directory) {
        service = ServiceProcess.start(directory.resolve("service"));
    }

    @Test
    void secondMachineCompilesNothingOfALargeModule(@Large ReferenceBuild reference)
            throws IOException {
        reference.copyBaseCache(temp.resolve("first-cache"));
        secondMachineCompilesNothing(
                reference.module(), reference.binary(), reference.nativeCache());
    }

    @Test
    void secondMachineCompilesNothingOfAModuleWithDependencies(@Large ReferenceBuild reference)
            throws IOException {
        TestModule module = TestModule.withDependencies(temp.resolve("module"));
        Requirements.need(
                GoClient.download(module),
                "no Go module can be downloaded",
                "give access to a module proxy (go env -w GOPROXY=…)");
        Path plain = temp.resolve("plain");
        Path nativeCache = reference.copyBaseCache(temp.resolve("native"));
        GoClient.withNativeCache(nativeCache).build(module, plain);
        reference.copyBaseCache(temp.resolve("first-cache"));

        secondMachineCompilesNothing(module, plain, nativeCache);
    }

    private void secondMachineCompilesNothing(TestModule module, Path plain, Path nativeCache) {
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
                .isGreaterThanOrEqualTo(packageCount(module, nativeCache));

        Path second = temp.resolve("second");
        GoResult link = secondMachine.build(module, second);
        assertThat(link.compiles()).isEmpty();
        assertThat(second).hasSameBinaryContentAs(plain);
    }

    private GoClient machine(String cache) {
        return GoClient.withAdapter(service.url(), temp.resolve(cache));
    }

    private static long packageCount(TestModule module, Path nativeCache) {
        return GoClient.withNativeCache(nativeCache)
                .run(module, "list", "-deps", "./...")
                .stdout()
                .lines()
                .filter(name -> !name.equals("unsafe"))
                .count();
    }
}
