package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** The adapter's directory is Go's own: each finds what the other left. */
@ExtendWith(ReferenceBuild.Resolver.class)
class NativeCacheIT {

    @TempDir private Path temp;

    @Test
    void nativeBuildIsWarmAfterOneWithTheAdapter(ReferenceBuild reference) throws IOException {
        Path cache = reference.copyBaseCache(temp.resolve("cache"));
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            GoClient.withAdapterOnNativeCache(service.url(), cache)
                    .build(reference.module(), temp.resolve("with-adapter"));
        }

        Path binary = temp.resolve("native");
        GoResult result = GoClient.withNativeCache(cache).build(reference.module(), binary);
        assertThat(result.compiles()).isEmpty();
        assertThat(binary).hasSameBinaryContentAs(reference.binary());
    }

    @Test
    void adapterFindsWhatANativeBuildLeft(ReferenceBuild reference) throws IOException {
        Path cache = temp.resolve("cache");
        reference.copyNativeCache(cache);
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            Path binary = temp.resolve("with-adapter");
            GoResult result =
                    GoClient.withAdapterOnNativeCache(service.url(), cache)
                            .build(reference.module(), binary);

            assertThat(result.compiles()).isEmpty();
            assertThat(result.adapterLines()).isEmpty();
            assertThat(binary).hasSameBinaryContentAs(reference.binary());
            assertThat(service.client().counter(CacheCounter.GET_FAULT_MISS))
                    .isLessThanOrEqualTo(GoClient.LINK_MISSES);
        }
    }
}
