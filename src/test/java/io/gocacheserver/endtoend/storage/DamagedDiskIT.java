package io.gocacheserver.endtoend.storage;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.storage.PutLedger.Acknowledged;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A directory that a bad disk, a power loss or a careless hand has damaged: objects may be lost, none is ever wrong. */
class DamagedDiskIT {

    private static final int SMALL = 120;
    private static final int LARGE = 24;
    private static final int CLIENTS = 4;
    private static final int TRIES = 3;

    private static final List<TestObject> OBJECTS =
            IntStream.range(0, SMALL + LARGE).mapToObj(DamagedDiskIT::objectOf).toList();
    private static final PutLedger LEDGER = new PutLedger();
    private static Path killed;
    private static Path writtenBack;

    @TempDir private Path temp;

    /** The directory of a service that was killed, and the same with the index's log written back. */
    @BeforeAll
    static void fill(@TempDir Path directory) throws Exception {
        Path disk = directory.resolve("disk");
        try (ServiceProcess service = ServiceProcess.start(disk)) {
            LEDGER.putAtOnce(
                    service.url(),
                    CLIENTS,
                    OBJECTS.size(),
                    new ConcurrentLinkedQueue<>(OBJECTS)::remove,
                    204);
            service.kill();
        }
        killed = copy(disk, directory.resolve("killed"));
        writtenBack = copy(disk, directory.resolve("written-back"));
        try (Connection index =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + writtenBack.resolve("index.db"));
                Statement statement = index.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    @Test
    void damagedBlobsAreMissesAndCanBePutAgain() throws Exception {
        Path disk = copy(killed, temp.resolve("disk"));
        Map<String, String> damaged = damageBlobs(disk);
        try (ServiceProcess service = ServiceProcess.start(disk)) {
            for (Acknowledged put : LEDGER.all()) {
                String damage = damaged.get(put.output().hex());
                assertThat(isMissAtLast(service, put))
                        .as("%s is a miss; damage: %s", put, damage)
                        .isEqualTo(damage != null);
            }
            assertThat(damaged.keySet())
                    .as("damaged objects that the log names")
                    .anySatisfy(output -> assertThat(service.log()).contains(output));
            assertThat(service.client().readiness()).isEqualTo(200);
            for (TestObject object : OBJECTS) {
                assertThat(service.client().put(object)).isEqualTo(204);
            }
            assertThat(PutLedger.misses(service.url(), LEDGER.all())).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedIndexIsRepairedOrSetAside(IndexDamage damage) throws Exception {
        Path disk =
                copy(damage == IndexDamage.WAL_CUT ? killed : writtenBack, temp.resolve("disk"));
        damage.apply(disk.resolve("index.db"));
        TestObject later;
        try (ServiceProcess service = ServiceProcess.start(disk)) {
            for (Acknowledged put : LEDGER.all()) {
                isMissAtLast(service, put);
            }
            later = assertAcceptsPuts(service);
            if (damage != IndexDamage.WAL_CUT) { // which SQLite itself repairs
                assertThat(service.log()).containsPattern("(WARN|ERROR).*index");
            }
            service.kill();
        }
        try (ServiceProcess service = ServiceProcess.start(disk)) {
            assertThat(service.client().getEntry(later.action()).statusCode()).isEqualTo(200);
        }
    }

    private static TestObject objectOf(int number) {
        return TestObject.ofSize(
                number < SMALL ? number * 61 % 8_000 : 30_000 + (number - SMALL) * 20_000);
    }

    /** Two blobs for each kind of damage; what was done, by output ID. */
    private static Map<String, String> damageBlobs(Path disk) throws IOException {
        Map<String, String> damaged = new HashMap<>();
        List<String> files = Directories.files(disk.resolve("blobs"));
        assertThat(files).hasSizeGreaterThanOrEqualTo(LARGE);
        for (int i = 0; i < 10; i++) {
            Path blob = disk.resolve("blobs").resolve(files.get(i));
            int size = (int) Files.size(blob);
            damaged.put(
                    blob.getFileName().toString().replace(".zst", ""),
                    switch (i % 5) {
                        case 0 -> {
                            IndexDamage.truncate(blob, size / 2);
                            yield "truncated";
                        }
                        case 1 -> {
                            IndexDamage.truncate(blob, 0);
                            yield "empty";
                        }
                        case 2 -> {
                            IndexDamage.write(blob, 0, new byte[size]);
                            yield "zeroed";
                        }
                        case 3 -> {
                            byte[] bytes = Files.readAllBytes(blob);
                            bytes[size - size / 3] ^= 4;
                            Files.write(blob, bytes);
                            yield "one bit flipped";
                        }
                        default -> {
                            Files.delete(blob);
                            yield "deleted";
                        }
                    });
        }
        return damaged;
    }

    /** Damage may be noticed only while an object is sent: then the answer breaks off, and the next one is a miss. */
    private static boolean isMissAtLast(ServiceProcess service, Acknowledged put)
            throws IOException {
        for (int i = 1; ; i++) {
            try {
                return PutLedger.isMiss(service.client(), put);
            } catch (IOException e) {
                if (i == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static TestObject assertAcceptsPuts(ServiceProcess service) throws Exception {
        PutLedger later = new PutLedger();
        TestObject last = TestObject.ofSize(100);
        for (TestObject object : List.of(TestObject.ofSize(1_000_000), last)) {
            await().untilAsserted(
                            () -> assertThat(later.put(service.client(), object)).isEqualTo(204));
        }
        assertThat(PutLedger.misses(service.url(), later.all())).isEmpty();
        return last;
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
        return to;
    }
}
