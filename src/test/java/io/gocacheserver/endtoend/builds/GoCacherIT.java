package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** bradfitz's go-cacher works against this service unchanged, for users who have no JVM. */
@Needs({Program.GO, Program.GO_CACHER})
class GoCacherIT {

    @AutoClose private static ServiceProcess service;
    private static TestModule module;
    private static Path program;
    private static GoResult firstBuild;

    @TempDir private Path temp;

    @BeforeAll
    static void build(@TempDir Path directory) throws IOException {
        service = ServiceProcess.start(directory.resolve("service"));
        module = TestModule.empty(directory.resolve("module"), "example.test/little");
        module.write("main.go", "package main\n\nfunc main() { println(\"little\") }\n");
        program = directory.resolve("first");
        firstBuild =
                GoClient.withGoCacher(service.url(), directory.resolve("first-cache"))
                        .build(module, program);
    }

    @Test
    void secondMachineCompilesNothing() {
        assertThat(firstBuild.compiles()).isNotEmpty();
        GoClient secondMachine = GoClient.withGoCacher(service.url(), temp.resolve("second-cache"));
        long misses = service.client().counter(CacheCounter.GET_FAULT_MISS);
        GoResult packages = secondMachine.run(module, "build", "-x", "./...");
        assertThat(packages.compiles()).isEmpty();
        assertThat(service.client().counter(CacheCounter.GET_FAULT_MISS) - misses)
                .isLessThanOrEqualTo(GoClient.LINK_MISSES);
        assertThat(service.client().counter(CacheCounter.GET_LOCAL_HIT)).isPositive();

        Path second = temp.resolve("second");
        assertThat(secondMachine.build(module, second).compiles()).isEmpty();
        assertThat(second).hasSameBinaryContentAs(program);
    }

    @Test
    void adapterFindsWhatGoCacherPut() {
        Path second = temp.resolve("second");
        GoResult result =
                GoClient.withAdapter(service.url(), temp.resolve("second-cache"))
                        .build(module, second);
        assertThat(result.compiles()).isEmpty();
        assertThat(second).hasSameBinaryContentAs(program);
    }
}
