package io.gocacheserver.endtoend.faults;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Sha256;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A service that dies or was never there costs a build nothing but its help. */
@ExtendWith(ReferenceBuild.Resolver.class)
class ServiceFailureIT {

    private static final long SOME_GETS = 10;

    @TempDir private Path temp;

    @Test
    void buildGoesOnWhenTheServiceIsKilled(ReferenceBuild reference) throws IOException {
        Path disk = temp.resolve("service");
        int port = Ports.free();
        Path interrupted = temp.resolve("interrupted");
        try (ServiceProcess service = ServiceProcess.on(disk).port(port).start();
                ChildProcess build =
                        GoClient.withAdapter(
                                        service.url(),
                                        reference.copyBaseCache(temp.resolve("first-cache")))
                                .startBuild(reference.module(), interrupted)) {
            await().until(
                            () ->
                                    service.client().counter(CacheCounter.GET_FAULT_MISS)
                                                    > SOME_GETS
                                            && !blobs(disk).isEmpty());
            assertThat(build.isRunning()).isTrue();
            service.kill();

            GoResult result = GoResult.of(build);
            assertThat(result.adapterLines()).hasSize(1);
            assertThat(interrupted).hasSameBinaryContentAs(reference.binary());
        }

        try (ServiceProcess restarted = ServiceProcess.on(disk).port(port).start()) {
            assertServesOnlyWholeObjects(restarted, disk);
            Path later = temp.resolve("later");
            GoResult result =
                    GoClient.withAdapter(
                                    restarted.url(),
                                    reference.copyBaseCache(temp.resolve("second-cache")))
                            .build(reference.module(), later);
            assertThat(result.adapterLines()).isEmpty();
            assertThat(later).hasSameBinaryContentAs(reference.binary());
        }
    }

    @Test
    void buildSucceedsWhenNothingListens(ReferenceBuild reference) throws IOException {
        GoResult result = buildWithout("http://127.0.0.1:" + Ports.free(), reference);

        assertThat(result.adapterLines()).hasSize(1).first().asString().contains("127.0.0.1");
    }

    @Test
    void buildSucceedsWhenTheHostDoesNotExist(ReferenceBuild reference) throws IOException {
        GoResult result = buildWithout("http://no-such-host.invalid:8080", reference);

        assertThat(result.adapterLines()).hasSize(1).first().asString().contains("no-such-host");
    }

    private GoResult buildWithout(String url, ReferenceBuild reference) throws IOException {
        Path binary = temp.resolve("binary");
        GoResult result =
                GoClient.withAdapter(url, reference.copyBaseCache(temp.resolve("cache")))
                        .build(reference.module(), binary);
        assertThat(binary).hasSameBinaryContentAs(reference.binary());
        return result;
    }

    private static void assertServesOnlyWholeObjects(ServiceProcess service, Path disk)
            throws IOException {
        assertThat(disk.resolve("tmp")).isEmptyDirectory();
        List<String> names = blobs(disk);
        assertThat(names).isNotEmpty();
        for (String name : names) {
            HttpResponse<InputStream> response = service.client().getObject(new OutputId(name));
            if (response.statusCode() == 200) {
                assertThat(Sha256.hex(response.body())).isEqualTo(name);
            } else {
                // Put in place, but the service died before it was in the index.
                assertThat(response.statusCode()).isEqualTo(404);
                response.body().close();
            }
        }
    }

    /** The output IDs of the objects that are files. */
    private static List<String> blobs(Path disk) throws IOException {
        try (Stream<Path> blobs = Files.walk(disk.resolve("blobs"))) {
            return blobs.filter(Files::isRegularFile)
                    .map(blob -> blob.getFileName().toString().replace(".zst", ""))
                    .toList();
        }
    }
}
