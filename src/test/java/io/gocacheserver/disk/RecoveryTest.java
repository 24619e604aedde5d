package io.gocacheserver.disk;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What became of the directory while no process, or another one, had it. */
class RecoveryTest extends DiskFixture {

    private static final int PAGE = 4096;

    @ParameterizedTest
    @ValueSource(ints = {100, SIZE_OF_BLOB})
    void whatWasZeroedIsFoundBeforeItIsServed(int size) throws Exception {
        TestObject object = put(TestObject.ofSize(size));
        TestObject other = put(TestObject.ofSize(size));
        disk.close();
        zero(object);
        disk = open();
        assertThat(has(object)).isFalse();
        assertThat(disk.find(object.output())).isEmpty();
        assertThat(bytes(hit(other.action()).content())).isEqualTo(other.bytes());
        assertThat(disk.report().corruptions().get(FoundBy.GET)).isEqualTo(1);
        put(object);
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }

    @Test
    void aPutMendsWhatWasZeroedAndNotYetNoticed() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        disk.close();
        zero(object);
        disk = open();
        put(object);
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "empty", "garbage"})
    void withoutAnIndexTheBlobsAreTakenIn(String damage) throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        TestObject compressed = put(TestObject.of("some text ".repeat(100_000)));
        TestObject wrong = put(TestObject.ofSize(SIZE_OF_BLOB));
        disk.close();
        zero(wrong);
        Path index = directory.resolve("index.db");
        switch (damage) {
            case "delete" -> Files.delete(index);
            case "empty" -> Files.write(index, new byte[0]);
            default -> Files.write(index, TestObject.ofSize(10_000).bytes());
        }
        disk = open();
        await().until(() -> disk.report().usage().objects() == 2);
        await().until(() -> !Files.exists(blob(wrong)));
        assertThat(has(object)).isFalse();
        assertThat(bytes(disk.find(object.output()))).isEqualTo(object.bytes());
        assertThat(bytes(disk.find(compressed.output()))).isEqualTo(compressed.bytes());
        assertThat(Files.exists(directory.resolve("damaged-index.db")))
                .isEqualTo(damage.equals("garbage"));
        assertThat(disk.report().corruptions().get(FoundBy.RECOVERY)).isEqualTo(1);
        put(object);
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }

    @Test
    void aRebuildThatDiedBeforeItBeganIsBegunAgain() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        disk.close();
        Files.delete(directory.resolve("index.db"));
        try (var connection = index();
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL"); // a file, no tables
        }
        assertThat(directory.resolve("index.db")).isNotEmptyFile();
        disk = open();
        await().until(() -> disk.report().usage().objects() == 1);
        assertThat(bytes(disk.find(object.output()))).isEqualTo(object.bytes());
    }

    @Test
    void anIndexFoundDamagedUnderWayIsSetAsideAndTheBlobsAreTakenIn() throws Exception {
        List<TestObject> objects = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            objects.add(put(TestObject.ofSize(i % 40 == 0 ? SIZE_OF_BLOB / 10 : 500)));
        }
        TestObject pending = TestObject.ofSize(10);
        disk.put(entry(pending), pending.stream(), true);
        disk.close();
        losePage(objects.get(1234));
        disk = open();
        // The damage is noticed when a request meets it.
        for (TestObject object : objects) {
            boolean ignored = has(object);
        }
        await().until(() -> disk.report().usage().objects() == 50);
        for (int i = 0; i < objects.size(); i += 40) {
            TestObject object = objects.get(i);
            assertThat(bytes(disk.find(object.output()))).isEqualTo(object.bytes());
        }
        assertThat(has(objects.getFirst())).isFalse();
        assertThat(disk.due(clock.instant(), 10)).isEmpty();
        assertThat(disk.report().state()).isEqualTo(State.WORKING);
        put(objects.getFirst());
        assertThat(has(objects.getFirst())).isTrue();
    }

    @Test
    void oneDamagedIndexIsKeptTheLatest() throws Exception {
        Path aside = directory.resolve("damaged-index.db");
        for (int i = 1; i <= 3; i++) {
            disk.close();
            byte[] garbage = TestObject.ofSize(10_000 * i).bytes();
            Files.write(directory.resolve("index.db"), garbage);
            disk = open();
            assertThat(aside).hasBinaryContent(garbage);
        }
        assertThat(Directories.files(directory))
                .filteredOn(file -> file.contains("damaged"))
                .hasSize(1);
        assertThat(disk.report().directoryBytes()).isGreaterThan(30_000);
    }

    @Test
    void aDamagedIndexThatWouldTakeTheCachesSpaceIsNotKept() throws Exception {
        disk.close();
        Files.write(directory.resolve("index.db"), new byte[(int) (MAX_SIZE / 8)]);
        disk = open();
        assertThat(directory.resolve("damaged-index.db")).doesNotExist();
        assertThat(has(put(TestObject.ofSize(SIZE_OF_BLOB)))).isTrue();
    }

    /** Wherever a page is lost, the next start serves, whether it finds out at once or later. */
    @Test
    void noLostPageOfTheIndexKeepsItFromStarting() throws Exception {
        for (int i = 0; i < 300; i++) {
            put(TestObject.ofSize(500));
        }
        disk.close();
        Path index = directory.resolve("index.db");
        byte[] whole = Files.readAllBytes(index);
        for (int page = 0; page < whole.length / PAGE; page += 1 + page / 8) {
            directory = directory.resolveSibling("page-" + page);
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, page * PAGE, (page + 1) * PAGE, (byte) 0);
            Files.createDirectories(directory);
            Files.write(directory.resolve("index.db"), damaged);
            disk = open();
            TestObject object = TestObject.ofSize(100);
            await("page " + page)
                    .ignoreExceptions() // a Put that meets the damage is refused
                    .until(() -> has(put(object)));
            disk.close();
        }
    }

    @Test
    void aBlobWithoutARowIsTakenInAfterACrashIfItIsRight() throws Exception {
        TestObject known = put(TestObject.ofSize(SIZE_OF_BLOB));
        TestObject right = TestObject.ofSize(SIZE_OF_BLOB);
        TestObject cut = TestObject.ofSize(SIZE_OF_BLOB);
        asAfterACrash();
        Files.createDirectories(blob(right).getParent());
        Files.createDirectories(blob(cut).getParent());
        Files.write(blob(right), right.bytes());
        Files.write(blob(cut), Arrays.copyOf(cut.bytes(), SIZE_OF_BLOB / 2));
        Path foreign = Files.writeString(blob(right).resolveSibling("notes.txt"), "mine");
        disk = open();
        await().until(() -> disk.find(right.output()).isPresent());
        await().until(() -> !Files.exists(blob(cut)));
        assertThat(foreign).exists();
        assertThat(bytes(hit(known.action()).content())).isEqualTo(known.bytes());
    }

    @Test
    void aCutLogLosesTheLatestAndServesNothingWrong() throws Exception {
        List<TestObject> objects = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            objects.add(put(TestObject.ofSize(i % 10 == 0 ? 2 * SIZE_OF_BLOB / 10 : 300)));
        }
        asAfterACrash();
        try (RandomAccessFile wal =
                new RandomAccessFile(directory.resolve("index.db-wal").toFile(), "rw")) {
            wal.setLength(wal.length() / 2 + 17);
        }
        disk = open();
        for (TestObject object : objects) {
            if (has(object)) {
                assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
            }
        }
        assertThat(has(objects.getFirst())).isTrue();
        put(objects.getLast());
        assertThat(has(objects.getLast())).isTrue();
    }

    @Test
    void aDirectoryThatGoesAwayIsMissedAndFoundAgain() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Path away = directory.resolveSibling("away");
        Files.move(directory, away);
        Files.writeString(directory, "in the way");
        await().until(() -> disk.report().state() == State.UNAVAILABLE);
        assertThat(disk.report().problem()).contains(directory.toString());
        Files.delete(directory);
        Files.move(away, directory);
        await().until(() -> disk.report().state() == State.WORKING);
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
        put(TestObject.ofSize(SIZE_OF_BLOB));
    }

    /** Goes on with a copy of the directory as it is now. */
    private void asAfterACrash() throws IOException {
        Path copy = directory.resolveSibling("copy");
        for (String file : Directories.files(directory)) {
            Path target = copy.resolve(file);
            Files.createDirectories(target.getParent());
            Files.copy(directory.resolve(file), target);
        }
        disk.close();
        directory = copy;
    }

    private void zero(TestObject object) throws IOException {
        if (Files.exists(blob(object))) {
            Files.write(blob(object), new byte[object.size()]);
            return;
        }
        Path index = directory.resolve("index.db");
        byte[] bytes = Files.readAllBytes(index);
        int at = indexOf(bytes, object.bytes());
        Arrays.fill(bytes, at, at + object.size(), (byte) 0);
        Files.write(index, bytes);
    }

    private void losePage(TestObject object) throws IOException {
        Path index = directory.resolve("index.db");
        int lost = indexOf(Files.readAllBytes(index), object.bytes());
        try (RandomAccessFile file = new RandomAccessFile(index.toFile(), "rw")) {
            file.seek(lost / PAGE * (long) PAGE);
            file.write(new byte[PAGE]);
        }
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i <= bytes.length - part.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("the index does not have the object");
    }
}
