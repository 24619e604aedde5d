package io.gocacheserver.endtoend.storage;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ServiceClient;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.storage.PutLedger.Acknowledged;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.Tmpfs;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** On a small volume: the bound on size holds, and a disk that cannot be written costs Puts, but neither Gets nor the service. */
@Needs(root = true)
class FullDiskIT {

    private static final int MIB = 1024 * 1024;
    private static final int VOLUME_MIB = 100;
    private static final long TO_PUT = 240L * MIB;
    private static final long RECENT = 25L * MIB;
    private static final int CLIENTS = 4;

    /** Tomcat reads on that far after a refusal; a larger body may break off before the answer is read. */
    private static final int LARGEST = 2_000_000;

    /** Rounding to blocks and pages of the index, for what is being put. */
    private static final long SLACK = MIB;

    @TempDir private Path temp;
    @AutoClose private Tmpfs volume;
    private final PutLedger ledger = new PutLedger();

    @BeforeEach
    void mount() throws Exception {
        volume = Tmpfs.mount(temp.resolve("volume"), VOLUME_MIB);
    }

    @ParameterizedTest
    @ValueSource(ints = {75, 1024})
    void maxSizeHoldsAndTheNewestStay(int maxMib) throws Exception {
        try (ServiceProcess service = service(maxMib).start();
                SpaceWatch watch =
                        new SpaceWatch(volume, (long) Math.min(maxMib, VOLUME_MIB) * MIB)) {
            AtomicInteger leftMib = new AtomicInteger((int) (TO_PUT / MIB));
            PutLedger.atOnce(CLIENTS, client -> putMixed(service, watch, leftMib, client));

            assertThat(PutLedger.misses(service.url(), ledger.newest(RECENT)))
                    .as("misses of the newest")
                    .isEmpty();
            assertThat(watch.mostOver()).as("bytes too many").isLessThanOrEqualTo(SLACK);
            assertThat(service.client().readiness()).isEqualTo(200);
        }
    }

    @Test
    void volumeFilledByOthersCostsPutsOnly() throws Exception {
        Path filler = volume.directory().resolve("somebody-else");
        try (ServiceProcess service = service(1024).start()) {
            ledger.putAtOnce(service.url(), CLIENTS, 100, () -> TestObject.ofSize(200_000), 204);
            assertThat(service.client().health()).isEqualTo("UP");
            // The service may make room by eviction, and somebody else takes that, too.
            await().until(
                            () -> {
                                volume.fill(filler);
                                return putIsRefused(service);
                            });
            await().untilAsserted(
                            () -> {
                                volume.fill(filler);
                                assertThat(service.client().health()).isNotEqualTo("UP");
                            });
            assertThat(service.client().readiness()).isEqualTo(200);
            assertNoneWrong(service);

            Files.delete(filler);
            assertPutsWorkAgain(service);
        }
    }

    @Test
    void readOnlyVolumeCostsPutsOnly() throws Exception {
        try (ServiceProcess service = service(75).start()) {
            ledger.putAtOnce(service.url(), CLIENTS, 20, () -> TestObject.ofSize(200_000), 204);
            List<Acknowledged> before = ledger.all();
            volume.makeReadOnly(disk());
            assertThat(service.client().put(TestObject.ofSize(200_000))).isEqualTo(507);
            await().untilAsserted(() -> assertThat(service.client().health()).isNotEqualTo("UP"));
            assertThat(PutLedger.misses(service.url(), before)).isEmpty();

            volume.makeWritable(disk());
            assertPutsWorkAgain(service);
            assertThat(PutLedger.misses(service.url(), before)).isEmpty();
        }
    }

    @Test
    void directoryThatWasDeletedIsMadeAnew() throws Exception {
        TestObject later = TestObject.ofSize(100);
        try (ServiceProcess service = service(75).start()) {
            ledger.putAtOnce(service.url(), CLIENTS, 50, () -> TestObject.ofSize(20_000), 204);
            deleteDisk();
            // Until it is noticed, a small Put may go into the deleted index.
            await().until(
                            () ->
                                    service.client().put(TestObject.ofSize(100)) == 204
                                            && Files.exists(disk().resolve("index.db")));
            assertPutsWorkAgain(service);
            assertNoneWrong(service);
            assertThat(service.client().put(later)).isEqualTo(204);
            service.kill();
        }
        try (ServiceProcess service = service(75).start()) {
            assertThat(service.client().getEntry(later.action()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void directoryThatWasMovedAwayMayComeBack() throws Exception {
        Path away = volume.directory().resolve("moved-away");
        try (ServiceProcess service = service(75).start()) {
            ledger.putAtOnce(service.url(), CLIENTS, 50, () -> TestObject.ofSize(20_000), 204);
            Files.move(disk(), away);
            await("it is noticed")
                    .until(() -> Files.exists(disk()) || !service.client().health().equals("UP"));
            assertThat(service.isRunning()).isTrue();
            if (!Files.exists(disk())) {
                Files.move(away, disk());
            }
            assertPutsWorkAgain(service);
            assertNoneWrong(service);
        }
    }

    private ServiceProcess.Builder service(int maxMib) {
        return ServiceProcess.on(disk()).with("CACHESERVER_DISK_MAXSIZE", maxMib + "MiB");
    }

    private Path disk() {
        return volume.directory().resolve("cache");
    }

    /** Most objects are small, most bytes are in large ones, and none can be compressed. */
    private void putMixed(
            ServiceProcess service, SpaceWatch watch, AtomicInteger leftMib, int number) {
        ServiceClient client = new ServiceClient(service.url());
        Random random = new Random(number);
        while (leftMib.getAndAdd(-4) > 0) {
            for (long bytes = 0; bytes < 4 * MIB; ) {
                int kind = random.nextInt(10);
                int most = kind < 6 ? 16_000 : kind < 9 ? 250_000 : LARGEST;
                TestObject object = TestObject.ofSize(random.nextInt(most));
                assertThat(watch.put(ledger, client, object)).isIn(204, 507);
                bytes += object.size();
            }
        }
    }

    private boolean putIsRefused(ServiceProcess service) {
        int status = ledger.put(service.client(), TestObject.ofSize(1_000_000));
        assertThat(status).isIn(204, 507);
        return status == 507;
    }

    private void assertPutsWorkAgain(ServiceProcess service) throws Exception {
        PutLedger later = new PutLedger();
        for (int size : new int[] {500, 1_000_000}) {
            TestObject object = TestObject.ofSize(size);
            await("Puts work again")
                    .untilAsserted(
                            () -> assertThat(later.put(service.client(), object)).isEqualTo(204));
        }
        assertThat(PutLedger.misses(service.url(), later.all())).isEmpty();
        await().untilAsserted(() -> assertThat(service.client().health()).isEqualTo("UP"));
    }

    private void assertNoneWrong(ServiceProcess service) throws Exception {
        assertThat(PutLedger.misses(service.url(), ledger.all()))
                .hasSizeLessThanOrEqualTo(ledger.size());
    }

    private void deleteDisk() throws IOException {
        Path trash = volume.directory().resolve("trash");
        Files.move(disk(), trash);
        FileSystemUtils.deleteRecursively(trash);
    }
}
