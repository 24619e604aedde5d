package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.Content;
import io.gocacheserver.cache.LocalTier.Usage;
import io.gocacheserver.cache.Lookup;
import io.gocacheserver.cache.ObjectMismatchException;
import io.gocacheserver.cache.ObjectSourceException;
import io.gocacheserver.cache.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

class DiskTierTest {

    private static final int INLINE_SIZE = TestDisk.INLINE_SIZE;
    private static final int SIZE_OF_BLOB = 100_000;
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.123456789Z");

    private Path directory;
    private DiskTier disk;

    @BeforeEach
    void open(@TempDir Path temp) {
        directory = temp.resolve("cache");
        disk = TestDisk.open(directory);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, INLINE_SIZE - 1, INLINE_SIZE, INLINE_SIZE + 1, SIZE_OF_BLOB, 3_000_000})
    void findsWhatWasPut(int size) throws Exception {
        TestObject object = TestObject.ofSize(size);
        assertThat(bytes(disk.put(entry(object), object.stream(), false)))
                .isEqualTo(object.bytes());
        Lookup.Hit hit = hit(object.action());
        assertThat(hit.entry()).isEqualTo(entry(object));
        assertThat(hit.tier()).isEqualTo("disk");
        assertThat(bytes(hit.content())).isEqualTo(object.bytes());
        assertThat(bytes(disk.find(object.output()))).isEqualTo(object.bytes());
        assertThat(tmp()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, INLINE_SIZE, SIZE_OF_BLOB})
    void survivesARestart(int size) throws Exception {
        TestObject object = put(TestObject.ofSize(size));
        Usage before = disk.usage();
        reopen();
        assertThat(hit(object.action()).entry()).isEqualTo(entry(object));
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
        assertThat(disk.usage()).isEqualTo(before);
    }

    @Test
    void doesNotKnowWhatWasNotPut() throws TierException {
        TestObject object = TestObject.ofSize(10);
        assertThat(disk.get(object.action())).isInstanceOf(Lookup.Miss.class);
        assertThat(disk.find(object.output())).isEmpty();
    }

    @Test
    void smallObjectsLiveInTheIndexAndOthersInBlobs() throws Exception {
        put(TestObject.ofSize(INLINE_SIZE));
        TestObject large = put(TestObject.ofSize(INLINE_SIZE + 1));
        String hex = large.output().hex();
        assertThat(Directories.files(directory.resolve("blobs")))
                .containsExactly(hex.substring(0, 2) + "/" + hex);
    }

    @Test
    void aLaterPutOfAnActionReplacesTheEarlierOne() throws Exception {
        TestObject first = put(TestObject.ofSize(10));
        TestObject second = TestObject.ofSize(SIZE_OF_BLOB);
        assertThat(hit(first.action()).entry()).isEqualTo(entry(first)); // in memory from now on
        Entry replacement =
                new Entry(first.action(), second.output(), second.size(), TIME.plusNanos(1));
        disk.put(replacement, second.stream(), false);
        assertThat(hit(first.action()).entry()).isEqualTo(replacement);
        assertThat(bytes(hit(first.action()).content())).isEqualTo(second.bytes());
        assertThat(bytes(disk.find(first.output()))).isEqualTo(first.bytes());
        assertThat(disk.usage()).isEqualTo(new Usage(1, 2, 10 + SIZE_OF_BLOB, 10 + SIZE_OF_BLOB));
    }

    @Test
    void twoActionsShareAnObject() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        ActionId other = TestObject.actionId("another one");
        assertThat(disk.putAction(new Entry(other, object.output(), object.size(), TIME), false))
                .isTrue();
        assertThat(bytes(hit(other).content())).isEqualTo(object.bytes());
        assertThat(disk.usage()).isEqualTo(new Usage(2, 1, SIZE_OF_BLOB, SIZE_OF_BLOB));
    }

    @Test
    void anObjectMayComeWithoutAnAction() throws Exception {
        TestObject object = TestObject.ofSize(SIZE_OF_BLOB);
        disk.putObject(object.output(), object.size(), object.stream());
        assertThat(bytes(disk.find(object.output()))).isEqualTo(object.bytes());
        assertThat(disk.usage()).isEqualTo(new Usage(0, 1, SIZE_OF_BLOB, SIZE_OF_BLOB));
    }

    @Test
    void anActionWithoutItsObjectIsRefused() throws TierException {
        TestObject object = TestObject.ofSize(10);
        assertThat(disk.putAction(entry(object), false)).isFalse();
        assertThat(disk.get(object.action())).isInstanceOf(Lookup.Miss.class);
    }

    @Test
    void idsNeedNotBeOf32Bytes() throws Exception {
        TestObject object = TestObject.ofSize(10);
        for (String hex : List.of("abcd", "ab".repeat(500))) {
            Entry entry = new Entry(new ActionId(hex), object.output(), object.size(), TIME);
            disk.put(entry, object.stream(), false);
            assertThat(hit(new ActionId(hex)).entry()).isEqualTo(entry);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, SIZE_OF_BLOB})
    void aBodyThatBreaksOffLeavesNothing(int size) throws Exception {
        TestObject object = TestObject.ofSize(size);
        InputStream half = new ByteArrayInputStream(object.bytes(), 0, size / 2);
        InputStream broken = new SequenceInputStream(half, new FailingStream());
        assertThatExceptionOfType(ObjectSourceException.class)
                .isThrownBy(() -> disk.put(entry(object), broken, false));
        assertNothingOf(object);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, SIZE_OF_BLOB})
    void aBodyThatIsRefusedAtItsEndLeavesNothing(int size) throws Exception {
        TestObject object = TestObject.ofSize(size);
        InputStream refused = new SequenceInputStream(object.stream(), new FailingStream());
        assertThatExceptionOfType(ObjectMismatchException.class)
                .isThrownBy(() -> disk.putObject(object.output(), size, refused));
        assertNothingOf(object);
    }

    @Test
    void totalsCountEachObjectOnce() throws Exception {
        TestObject small = put(TestObject.ofSize(10));
        put(TestObject.ofSize(SIZE_OF_BLOB));
        disk.put(entry(small), small.stream(), false);
        disk.putObject(small.output(), small.size(), small.stream());
        assertThat(disk.usage()).isEqualTo(new Usage(2, 2, 10 + SIZE_OF_BLOB, 10 + SIZE_OF_BLOB));
    }

    @Test
    void aMissingBlobIsAMissAndIsForgotten() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.delete(blob(object));
        assertThat(disk.get(object.action())).isInstanceOf(Lookup.Miss.class);
        assertThat(disk.find(object.output())).isEmpty();
        assertThat(disk.usage()).isEqualTo(new Usage(0, 0, 0, 0));
    }

    @Test
    void aTruncatedBlobIsAMissAndIsRemoved() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.write(blob(object), new byte[SIZE_OF_BLOB / 2]);
        assertThat(disk.get(object.action())).isInstanceOf(Lookup.Miss.class);
        assertThat(blob(object)).doesNotExist();
        assertThat(disk.usage()).isEqualTo(new Usage(0, 0, 0, 0));
    }

    @Test
    void anObjectWhoseBlobWasLostCanBePutAgain() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.delete(blob(object));
        put(object);
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
        assertThat(disk.usage()).isEqualTo(new Usage(1, 1, SIZE_OF_BLOB, SIZE_OF_BLOB));
    }

    @Test
    void aTruncatedBlobIsMendedByTheNextPut() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.write(blob(object), new byte[3]);
        put(object);
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }

    @Test
    void whatAProcessThatDiedLeftInTmpIsSweptAtOpen() throws Exception {
        disk.close();
        Files.write(directory.resolve("tmp/put-1"), new byte[1000]);
        disk = TestDisk.open(directory);
        assertThat(tmp()).isEmpty();
    }

    @Test
    void aSecondOpenerOfADirectoryIsToldWhy() {
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> TestDisk.open(directory).close())
                .withMessageContaining(directory.toString())
                .withMessageContaining("another process uses it");
    }

    @Test
    void theFirstOpenerIsNotDisturbedByTheSecond() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Path halfWritten = Files.write(directory.resolve("tmp/put-99"), new byte[10]);
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> TestDisk.open(directory).close());
        assertThat(halfWritten).exists();
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }

    @Test
    void aPathThatIsAFileIsRefusedWithItsName(@TempDir Path temp) throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "not a directory");
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> TestDisk.open(file).close())
                .withMessageContaining(file.toString());
    }

    @Test
    void whoStartsTheServiceIsToldWhatToDoAboutIt() {
        var refused = new UnusableDirectoryException(directory, "read-only", new IOException());
        FailureAnalysis analysis =
                Objects.requireNonNull(new UnusableDirectoryAnalyzer().analyze(refused));
        assertThat(analysis.getDescription()).contains(directory.toString(), "read-only");
        assertThat(analysis.getAction())
                .contains("cache-server.disk.path", "CACHESERVER_DISK_PATH");
    }

    @Test
    void aCorruptIndexIsRefusedWithItsName(@TempDir Path temp) throws IOException {
        Path index = Files.write(temp.resolve("index.db"), TestObject.ofSize(10_000).bytes());
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> TestDisk.open(temp).close())
                .withMessageContaining("its index " + index)
                .withMessageContaining("not a database");
    }

    @Test
    void aDirectoryThatWasRefusedIsNotLeftLocked(@TempDir Path temp) throws IOException {
        Path index = Files.write(temp.resolve("index.db"), TestObject.ofSize(10_000).bytes());
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> TestDisk.open(temp).close());
        Files.delete(index);
        TestDisk.open(temp).close();
    }

    @Test
    void anIndexOfANewerProgramIsRefused() throws Exception {
        disk.close();
        try (var connection = new IndexConnections(directory.resolve("index.db")).writer();
                var statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA user_version = 4711");
        }
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> TestDisk.open(directory).close())
                .withMessageContaining("version 4711")
                .withMessageContaining("written by a newer one");
    }

    @Test
    void whereBlobsCannotBeWrittenAPutFailsAndSmallOnesGoOn() throws Exception {
        TestObject large = TestObject.ofSize(SIZE_OF_BLOB);
        Files.delete(directory.resolve("blobs"));
        Files.writeString(directory.resolve("blobs"), "in the way");
        assertThatExceptionOfType(TierException.LocalWrite.class)
                .isThrownBy(() -> put(large))
                .withMessageContaining(large.action().hex());
        assertThat(tmp()).isEmpty();
        assertThat(disk.get(large.action())).isInstanceOf(Lookup.Miss.class);
        TestObject small = put(TestObject.ofSize(10));
        assertThat(bytes(hit(small.action()).content())).isEqualTo(small.bytes());
    }

    @Test
    void aHealthyDiskPassesItsCheckAndIsLeftAsItWas() throws Exception {
        disk.check();
        assertThat(tmp()).isEmpty();
    }

    @Test
    void aDiskThatCannotBeWrittenFailsItsCheckAndStillAnswers() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.delete(directory.resolve("tmp"));
        Files.writeString(directory.resolve("tmp"), "in the way");
        assertThatExceptionOfType(TierException.LocalWrite.class)
                .isThrownBy(() -> disk.check())
                .withMessageContaining("cannot be written")
                .withMessageContaining(directory.toString());
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }

    @Test
    void closingTwiceIsClosingOnce() {
        disk.close();
        disk.close();
    }

    @Test
    void afterCloseEveryCallIsAnErrorAndNoneHangs() throws Exception {
        TestObject object = put(TestObject.ofSize(10));
        disk.close();
        assertThatExceptionOfType(TierException.LocalRead.class)
                .isThrownBy(() -> disk.get(object.action()))
                .withMessageContaining("closed");
        assertThatExceptionOfType(TierException.LocalRead.class)
                .isThrownBy(() -> disk.find(object.output()));
        assertThatExceptionOfType(TierException.LocalWrite.class)
                .isThrownBy(() -> put(object))
                .withMessageContaining("closed");
    }

    @Test
    void manyThreadsPutTheSameObject() throws Exception {
        TestObject object = TestObject.ofSize(SIZE_OF_BLOB);
        Concurrently.run(
                32,
                i ->
                        () -> {
                            ActionId action = TestObject.actionId("same object " + i);
                            var entry = new Entry(action, object.output(), object.size(), TIME);
                            disk.put(entry, object.stream(), false);
                            return bytes(hit(action).content());
                        });
        assertThat(disk.usage()).isEqualTo(new Usage(32, 1, SIZE_OF_BLOB, SIZE_OF_BLOB));
        assertThat(bytes(disk.find(object.output()))).isEqualTo(object.bytes());
        assertThat(tmp()).isEmpty();
    }

    @Test
    void manyThreadsPutAndGetDifferentObjects() throws Exception {
        int count = 200;
        List<TestObject> objects =
                Concurrently.run(
                        count,
                        i ->
                                () -> {
                                    TestObject object = TestObject.ofSize(i * 100);
                                    put(object);
                                    byte[] stored = bytes(hit(object.action()).content());
                                    assertThat(stored).isEqualTo(object.bytes());
                                    return object;
                                });
        long bytes = objects.stream().mapToLong(TestObject::size).sum();
        assertThat(disk.usage()).isEqualTo(new Usage(count, count, bytes, bytes));
        reopen();
        assertThat(disk.usage()).isEqualTo(new Usage(count, count, bytes, bytes));
        for (TestObject object : objects) {
            assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
        }
    }

    private TestObject put(TestObject object) throws ObjectSourceException, TierException {
        disk.put(entry(object), object.stream(), false);
        return object;
    }

    private void reopen() {
        disk.close();
        disk = TestDisk.open(directory);
    }

    private void assertNothingOf(TestObject object) throws Exception {
        assertThat(disk.get(object.action())).isInstanceOf(Lookup.Miss.class);
        assertThat(disk.find(object.output())).isEmpty();
        assertThat(disk.usage()).isEqualTo(new Usage(0, 0, 0, 0));
        assertThat(tmp()).isEmpty();
        assertThat(Directories.files(directory.resolve("blobs"))).isEmpty();
    }

    private Lookup.Hit hit(ActionId action) throws TierException {
        return (Lookup.Hit) disk.get(action);
    }

    private Path blob(TestObject object) {
        String hex = object.output().hex();
        return directory.resolve("blobs").resolve(hex.substring(0, 2)).resolve(hex);
    }

    private List<String> tmp() throws IOException {
        return Directories.files(directory.resolve("tmp"));
    }

    private static Entry entry(TestObject object) {
        return new Entry(object.action(), object.output(), object.size(), TIME);
    }

    private static byte[] bytes(Optional<Content> content) throws IOException {
        return bytes(content.orElseThrow());
    }

    private static byte[] bytes(Content content) throws IOException {
        try (InputStream body = content.open()) {
            return body.readAllBytes();
        }
    }

    /** A source that breaks off, as the cache's verifying stream reports it. */
    private static final class FailingStream extends InputStream {

        @Override
        public int read() throws IOException {
            throw new ObjectMismatchException("other bytes than announced");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
        }
    }
}
