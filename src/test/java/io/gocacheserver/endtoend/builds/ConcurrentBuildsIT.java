package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Builds that run at the same time do not harm each other. */
@ExtendWith(ReferenceBuild.Resolver.class)
class ConcurrentBuildsIT {

    @TempDir private Path temp;
    @AutoClose private ServiceProcess service;

    @BeforeEach
    void startService() {
        service = ServiceProcess.start(temp.resolve("service"));
    }

    @Test
    void twoBuildsShareOneCacheDirectory(ReferenceBuild reference) throws IOException {
        reference.copyBaseCache(temp.resolve("shared-cache"));
        GoClient machine = machine("shared-cache");

        buildAtOnce(reference, machine, machine);

        assertThat(machine.build(reference.module(), temp.resolve("later")).compiles()).isEmpty();
    }

    @Test
    void twoMachinesShareOneService(ReferenceBuild reference) throws IOException {
        for (String cache : List.of("one-cache", "other-cache", "later-cache")) {
            reference.copyBaseCache(temp.resolve(cache));
        }
        buildAtOnce(reference, machine("one-cache"), machine("other-cache"));

        GoResult later = machine("later-cache").build(reference.module(), temp.resolve("later"));
        assertThat(later.compiles()).isEmpty();
    }

    private void buildAtOnce(ReferenceBuild reference, GoClient one, GoClient other) {
        Path oneBinary = temp.resolve("one");
        Path otherBinary = temp.resolve("other");
        try (ChildProcess oneBuild = one.startBuild(reference.module(), oneBinary);
                ChildProcess otherBuild = other.startBuild(reference.module(), otherBinary)) {
            assertThat(GoResult.of(oneBuild).adapterLines()).isEmpty();
            assertThat(GoResult.of(otherBuild).adapterLines()).isEmpty();
        }
        assertThat(oneBinary).hasSameBinaryContentAs(reference.binary());
        assertThat(otherBinary).hasSameBinaryContentAs(reference.binary());
    }

    private GoClient machine(String cache) {
        return GoClient.withAdapter(service.url(), temp.resolve(cache));
    }
}
