package io.gocacheserver.endtoend.faults;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A Go command that is killed leaves no process behind, and a directory that native builds can use. */
@ExtendWith(ReferenceBuild.Resolver.class)
class KilledGoIT {

    private static final long SOME_GETS = 15;

    /** The adapter drains its uploads, compilers end what they are at. */
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    @TempDir private Path temp;

    @Test
    void adapterEndsByItself(ReferenceBuild reference) throws IOException {
        Path cache = reference.copyBaseCache(temp.resolve("cache"));
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"));
                ChildProcess build =
                        GoClient.withAdapter(service.url(), cache)
                                .startBuild(reference.module(), temp.resolve("killed"))) {
            await().until(() -> service.client().counter(CacheCounter.GET_FAULT_MISS) > SOME_GETS);
            List<ProcessHandle> helpers = build.descendants();
            assertThat(helpers).as("the adapter at least").isNotEmpty();
            assertThat(build.isRunning()).isTrue();

            build.kill();

            await().atMost(END_LIMIT)
                    .untilAsserted(() -> assertThat(helpers).noneMatch(ProcessHandle::isAlive));
            assertThat(build.stderr()).doesNotContain("go-cache-adapter: ");
        }

        Path binary = temp.resolve("native");
        GoClient.withNativeCache(cache).build(reference.module(), binary);
        assertThat(binary).hasSameBinaryContentAs(reference.binary());
    }
}
