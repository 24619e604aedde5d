package io.gocacheserver.endtoend.storage;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.S3Bucket;
import io.gocacheserver.endtoend.ServiceClient;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Waiting;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** On SIGTERM readiness goes first, running requests finish, uploads drain. */
class ShutdownIT {

    private static final int HELD_BACK = 100_000;

    @TempDir private Path temp;

    @Test
    void slowPutFinishesAndReachesS3() throws Exception {
        GeneratedObject object = GeneratedObject.of(3, 1_000_000);
        try (S3Bucket s3 = S3Bucket.start(temp.resolve("s3"));
                ServiceProcess service =
                        ServiceProcess.on(temp.resolve("service"))
                                .with(s3.settings())
                                .with("CACHESERVER_SHUTDOWN_DELAY", "3s")
                                .start()) {
            ServiceClient client = service.client();
            SlowBody body = new SlowBody(object);
            CompletableFuture<Integer> put =
                    CompletableFuture.supplyAsync(
                            () ->
                                    client.put(
                                            object.action(),
                                            object.output(),
                                            object.size(),
                                            () -> body));
            assertThat(body.waiting.await(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

            service.terminate();
            await().untilAsserted(() -> assertThat(client.readiness()).isEqualTo(503));
            assertThat(put).isNotDone();
            body.release.countDown();

            assertThat(put.get(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(204);
            service.awaitCleanExit();
            assertThat(service.log())
                    .containsPattern("uploads complete \\([0-9]+ ms elapsed\\)")
                    .containsSubsequence("no longer ready", "waiting for uploads");
            SeedBucket bucket = SeedBucket.read(s3.folder(), "");
            assertThat(bucket.actions()).containsOnlyKeys(object.action());
            assertThat(bucket.objects()).containsOnlyKeys(object.output());
        }
    }

    /** Holds back its last bytes until it is released. */
    private static final class SlowBody extends InputStream {

        final CountDownLatch waiting = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        private final InputStream bytes;
        private long free;

        SlowBody(GeneratedObject object) {
            bytes = object.open();
            free = object.size() - HELD_BACK;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (free == 0) {
                waiting.countDown();
                awaitRelease();
                free = Long.MAX_VALUE;
            }
            int count = bytes.read(target, offset, (int) Math.min(length, free));
            free -= Math.max(count, 0);
            return count;
        }

        private void awaitRelease() throws IOException {
            try {
                if (!release.await(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IOException("never released");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
