package io.gocacheserver.endtoend.storage;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.S3Bucket;
import io.gocacheserver.endtoend.ServiceClient;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.Requirements;
import io.gocacheserver.testsupport.Sha256;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Bodies are streamed on every path: objects far larger than the heap pass through, and many clients at once do too. The
 * size of the large object, in MiB, is the system property {@code large.object.mib}.
 */
class SmallHeapIT {

    private static final long MIB = 1024 * 1024;
    private static final long LARGE = Long.getLong("large.object.mib", 256) * MIB;
    private static final long LARGE_ON_S3 = Math.min(LARGE, 192 * MIB);
    private static final String HEAP = "-Xmx128m";
    private static final int CLIENTS = 64;
    private static final int[] SIZES = {0, 1, 700, 9_000, 300_000, 2_000_000};

    @TempDir private Path temp;

    @Test
    void largeObjectGoesInAndOut() throws IOException {
        needFreeSpace(LARGE);
        GeneratedObject object = GeneratedObject.of(1, LARGE);
        Path disk = temp.resolve("service");
        try (ServiceProcess service = ServiceProcess.on(disk).jvmOption(HEAP).start()) {
            ServiceClient client = service.client();
            assertThat(put(client, object)).isEqualTo(204);

            assertWhole(client.getObject(object.action()), object);
            assertWhole(client.getObject(object.output()), object);
            assertUnharmed(service, disk);
        }
    }

    @Test
    @Needs(Program.VERSITYGW)
    void largeObjectGoesToS3AndBack() throws IOException {
        needFreeSpace(3 * LARGE_ON_S3);
        GeneratedObject object = GeneratedObject.of(2, LARGE_ON_S3);
        try (S3Bucket s3 = S3Bucket.start(temp.resolve("s3"))) {
            Path first = temp.resolve("first");
            try (ServiceProcess service =
                    ServiceProcess.on(first).with(s3.settings()).jvmOption(HEAP).start()) {
                ServiceClient client = service.client();
                assertThat(put(client, object)).isEqualTo(204);
                await().until(() -> client.counter(CacheCounter.PUT_S3_ACTION) == 1);
                service.stop();
                assertUnharmed(service, first);
            }
            Path second = temp.resolve("second");
            try (ServiceProcess service =
                    ServiceProcess.on(second).with(s3.settings()).jvmOption(HEAP).start()) {
                assertWhole(service.client().getObject(object.action()), object);
                assertUnharmed(service, second);
            }
        }
    }

    @Test
    void manyClientsAtOnceAreAllServed() throws Exception {
        Path disk = temp.resolve("service");
        try (ServiceProcess service = ServiceProcess.on(disk).jvmOption(HEAP).start();
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                long number = i;
                results.add(clients.submit(() -> putAndGet(service.url(), number)));
            }
            for (Future<?> result : results) {
                assertSucceeds(result);
            }
            assertUnharmed(service, disk);
        }
    }

    private static Void putAndGet(String url, long number) throws IOException {
        ServiceClient client = new ServiceClient(url);
        for (int i = 0; i < SIZES.length; i++) {
            GeneratedObject object = GeneratedObject.of(1000 + number * SIZES.length + i, SIZES[i]);
            assertThat(put(client, object)).isEqualTo(204);
            assertWhole(client.getObject(object.action()), object);

            // All clients put this one, and at the same time.
            GeneratedObject shared = GeneratedObject.of(i, SIZES[i]);
            assertThat(put(client, shared)).isEqualTo(204);
            assertWhole(client.getObject(shared.action()), shared);
        }
        return null;
    }

    private static int put(ServiceClient client, GeneratedObject object) {
        return client.put(object.action(), object.output(), object.size(), object::open);
    }

    private static void assertWhole(HttpResponse<InputStream> response, GeneratedObject object)
            throws IOException {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(object.size());
        assertThat(Sha256.hex(response.body())).isEqualTo(object.output().hex());
    }

    private static void assertSucceeds(Future<?> result) throws InterruptedException {
        try {
            result.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a client failed", e.getCause());
        }
    }

    private static void assertUnharmed(ServiceProcess service, Path disk) {
        await().untilAsserted(() -> assertThat(disk.resolve("tmp")).isEmptyDirectory());
        assertThat(service.log()).doesNotContain("OutOfMemoryError").doesNotContain(" ERROR ");
    }

    private void needFreeSpace(long bytes) throws IOException {
        Requirements.need(
                Files.getFileStore(temp).getUsableSpace() > 2 * bytes,
                "not enough space for the temporary directory",
                "free %d MiB, or set -Dlarge.object.mib".formatted(2 * bytes / MIB));
    }
}
