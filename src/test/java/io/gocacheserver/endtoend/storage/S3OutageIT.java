package io.gocacheserver.endtoend.storage;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.S3Bucket;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.storage.PutLedger.Acknowledged;
import io.gocacheserver.endtoend.storage.SeedBucket.ActionRecord;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;

/** S3 is away for long: Puts go on, what is to be uploaded waits on disk, also through kill -9, and arrives afterwards. */
class S3OutageIT {

    private static final int BEFORE = 200;
    private static final int DURING = 1_000;
    private static final int AFTER_THE_KILL = 200;
    private static final int CLIENTS = 8;
    private static final String HEAP = "-Xmx128m";
    private static final String QUEUED = "gocache_uploads_queued";
    private static final String RUNNING = "gocache_uploads_running";
    private static final String DROPPED = "gocache_uploads_dropped_total";
    private static final String GIVEN_UP = "gocache_uploads_given_up_total";

    @TempDir private Path temp;
    private final PutLedger ledger = new PutLedger();
    private final Random random = new Random(1);

    @Test
    void whatWasPutDuringAnOutageArrivesAfterIt() throws Exception {
        try (S3Bucket s3 = S3Bucket.start(temp.resolve("s3"))) {
            try (ServiceProcess service = service(s3)) {
                put(service, BEFORE);
                await().until(() -> service.client().counter(CacheCounter.PUT_S3_ACTION) == BEFORE);
                s3.goAway();
                put(service, DURING);
                // Meters may be a moment old.
                await().until(() -> pending(service) >= DURING);
                assertHarmless(service);
                service.kill();
            }
            try (ServiceProcess service = service(s3)) {
                assertThat(pending(service))
                        .as("still pending after kill -9")
                        .isGreaterThanOrEqualTo(DURING);
                assertThat(PutLedger.misses(service.url(), ledger.all())).isEmpty();
                put(service, AFTER_THE_KILL);
                s3.comeBack();
                await().until(() -> pending(service) == 0);
                assertHarmless(service);
            }
            assertAllIn(s3);
        }
    }

    private ServiceProcess service(S3Bucket s3) {
        return ServiceProcess.on(temp.resolve("service"))
                .with(s3.settings())
                .jvmOption(HEAP)
                .start();
    }

    private void put(ServiceProcess service, int count) throws Exception {
        ledger.putAtOnce(service.url(), CLIENTS, count, this::object, 204);
    }

    private TestObject object() {
        return TestObject.ofSize(random.nextInt(20) == 0 ? 200_000 : random.nextInt(4_000));
    }

    private static long pending(ServiceProcess service) {
        return Math.round(service.client().meter(QUEUED) + service.client().meter(RUNNING));
    }

    private static void assertHarmless(ServiceProcess service) {
        assertThat(service.client().meter(DROPPED)).isZero();
        assertThat(service.client().meter(GIVEN_UP)).isZero();
        assertThat(service.client().readiness()).isEqualTo(200);
        assertThat(service.log()).doesNotContain("OutOfMemoryError");
    }

    private void assertAllIn(S3Bucket s3) throws Exception {
        SeedBucket bucket = SeedBucket.read(s3.folder(), "");
        assertThat(bucket.actions()).hasSize(ledger.size());
        for (Acknowledged put : ledger.all()) {
            assertThat(bucket.actions()).containsKey(put.action());
            ActionRecord record = Objects.requireNonNull(bucket.actions().get(put.action()));
            assertThat(record.output()).isEqualTo(put.output());
            assertThat(record.time()).isBetween(put.sent(), put.answered());
            assertThat(bucket.objects()).containsEntry(put.output(), put.size());
        }
    }
}
