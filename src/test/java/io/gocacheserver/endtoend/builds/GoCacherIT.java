package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** bradfitz's go-cacher works against this service unchanged, for users who have no JVM. */
@ExtendWith(ReferenceBuild.Resolver.class)
@Needs(Program.GO_CACHER)
class GoCacherIT {

    @TempDir private Path temp;

    @Test
    void secondMachineCompilesNothing(ReferenceBuild reference) {
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            Path first = temp.resolve("first");
            GoResult firstBuild =
                    GoClient.withGoCacher(service.url(), temp.resolve("first-cache"))
                            .build(reference.module(), first);
            assertThat(firstBuild.compiles()).isNotEmpty();
            assertThat(first).hasSameBinaryContentAs(reference.binary());

            GoClient secondMachine =
                    GoClient.withGoCacher(service.url(), temp.resolve("second-cache"));
            long misses = service.client().counter(CacheCounter.GET_FAULT_MISS);
            GoResult packages = secondMachine.run(reference.module(), "build", "-x", "./...");
            assertThat(packages.compiles()).isEmpty();
            assertThat(service.client().counter(CacheCounter.GET_FAULT_MISS) - misses)
                    .isLessThanOrEqualTo(GoClient.LINK_MISSES);
            assertThat(service.client().counter(CacheCounter.GET_LOCAL_HIT)).isPositive();

            Path second = temp.resolve("second");
            assertThat(secondMachine.build(reference.module(), second).compiles()).isEmpty();
            assertThat(second).hasSameBinaryContentAs(reference.binary());
        }
    }

    @Test
    void adapterFindsWhatGoCacherPut(ReferenceBuild reference) {
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            GoClient.withGoCacher(service.url(), temp.resolve("first-cache"))
                    .build(reference.module(), temp.resolve("first"));

            Path second = temp.resolve("second");
            GoResult result =
                    GoClient.withAdapter(service.url(), temp.resolve("second-cache"))
                            .build(reference.module(), second);
            assertThat(result.compiles()).isEmpty();
            assertThat(second).hasSameBinaryContentAs(reference.binary());
        }
    }
}
