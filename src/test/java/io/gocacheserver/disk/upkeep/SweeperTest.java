package io.gocacheserver.disk.upkeep;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.disk.FakeClock;
import io.gocacheserver.disk.blobs.Blobs;
import io.gocacheserver.disk.blobs.DiskLayout;
import io.gocacheserver.disk.blobs.StoreCounters;
import io.gocacheserver.disk.blobs.StoredContents;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexReader;
import io.gocacheserver.disk.index.IndexedObject;
import io.gocacheserver.disk.index.StagedObject;
import io.gocacheserver.disk.upkeep.Sweeper.Swept;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.Opened;
import io.gocacheserver.testsupport.TestObject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

class SweeperTest {

    private static final int SIZE = 5000;
    private static final int ALLOCATED = 8192;

    private final StoreCounters counters = new StoreCounters();
    @AutoClose private final Opened opened = new Opened();
    private DiskLayout layout;
    private Index index;
    private Blobs blobs;
    private StoredContents contents;
    private Sweeper sweeper;

    @BeforeEach
    void open(@TempDir Path temp) throws SQLException {
        layout = opened.add(new DiskLayout(temp.resolve("cache")));
        layout.open();
        index = opened.add(Index.open(layout.index(), 1 << 20, 2));
        blobs = new Blobs(layout, () -> 0);
        contents = new StoredContents(layout, index, blobs, counters);
        sweeper =
                new Sweeper(
                        layout,
                        index,
                        contents,
                        blobs,
                        new UseClock(new FakeClock(Instant.EPOCH), System::nanoTime, 0));
    }

    @Test
    void whatHasARowStays() throws Exception {
        TestObject plain = TestObject.ofSize(SIZE);
        TestObject text = TestObject.of("some text ".repeat(SIZE));
        Path first = write(plain, Coding.IDENTITY);
        Path second = write(text, Coding.ZSTD);
        insert(row(plain, Coding.IDENTITY, null));
        insert(row(text, Coding.ZSTD, null));
        assertThat(sweeper.sweep()).isEqualTo(new Swept(0, 0));
        assertThat(first).exists();
        assertThat(second).exists();
    }

    @Test
    void aRowOfAnotherFormIsNone() throws Exception {
        TestObject inIndex = TestObject.ofSize(SIZE);
        TestObject compressed = TestObject.of("some text ".repeat(SIZE));
        insert(row(inIndex, Coding.IDENTITY, inIndex.bytes()));
        insert(row(compressed, Coding.ZSTD, null));
        Path first = write(inIndex, Coding.IDENTITY);
        Path second = write(compressed, Coding.IDENTITY);
        Path right = write(compressed, Coding.ZSTD);
        assertThat(sweeper.sweep()).isEqualTo(new Swept(0, 2));
        assertThat(sweeper.sweep()).isEqualTo(new Swept(0, 0));
        assertThat(first).doesNotExist();
        assertThat(second).doesNotExist();
        assertThat(right).exists();
    }

    @Test
    void whatHasNoneIsTakenInAndNeedsNoOtherCheck() throws Exception {
        TestObject plain = TestObject.ofSize(SIZE);
        TestObject text = TestObject.of("some text ".repeat(SIZE));
        write(plain, Coding.IDENTITY);
        Path compressed = write(text, Coding.ZSTD);
        assertThat(sweeper.sweep()).isEqualTo(new Swept(2, 0));

        IndexedObject row = index.find(plain.output()).orElseThrow();
        assertThat(row.size()).isEqualTo(SIZE);
        assertThat(row.stored()).isEqualTo(SIZE);
        assertThat(row.coding()).isEqualTo(Coding.IDENTITY);
        assertThat(contents.checked().contains(row.id())).isTrue();
        IndexedObject textRow = index.find(text.output()).orElseThrow();
        assertThat(textRow.size()).isEqualTo(text.size());
        assertThat(textRow.stored()).isEqualTo(Files.size(compressed));
        assertThat(textRow.coding()).isEqualTo(Coding.ZSTD);
        assertThat(index.read(IndexReader::oldestUse)).as("can be evicted").isPresent();
        assertThat(sweeper.sweep()).isEqualTo(new Swept(0, 0));
    }

    @Test
    void whatIsDamagedIsReportedAndNotTakenIn() throws Exception {
        Path changed = write(TestObject.ofSize(SIZE), Coding.IDENTITY);
        Files.write(changed, new byte[SIZE]);
        Path cut = write(TestObject.of("some text ".repeat(SIZE)), Coding.ZSTD);
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 15));
        Path noFrame = write(TestObject.of("another text"), Coding.ZSTD);
        Files.write(noFrame, new byte[100]);
        assertThat(sweeper.sweep()).isEqualTo(new Swept(0, 3));
        assertThat(changed).doesNotExist();
        assertThat(cut).doesNotExist();
        assertThat(noFrame).doesNotExist();
        assertThat(counters.corruptions()).containsEntry(FoundBy.RECOVERY, 3L);
    }

    @Test
    void whatTheStoreHasNotWrittenIsLeftAlone() throws Exception {
        Path beside = Files.writeString(layout.blobs().resolve("README"), "mine");
        Path folder = Files.createDirectories(layout.blobs().resolve("ab"));
        Path among = Files.writeString(folder.resolve("notes.txt"), "mine too");
        Path upper = Files.writeString(folder.resolve("AB".repeat(32)), "not of this store");
        assertThat(sweeper.sweep()).isEqualTo(new Swept(0, 0));
        assertThat(beside).exists();
        assertThat(among).exists();
        assertThat(upper).exists();
    }

    @Test
    void theirSpaceCountsUntilItIsKnownWhoseItIs() throws Exception {
        write(TestObject.ofSize(SIZE), Coding.IDENTITY);
        write(TestObject.ofSize(SIZE), Coding.IDENTITY);
        blobs.unknown(2 * ALLOCATED);
        sweeper.sweep();
        assertThat(blobs.withoutRow()).isZero();
        assertThat(index.totals().blobBytes()).isEqualTo(2 * ALLOCATED);
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        Path blob = write(TestObject.ofSize(SIZE), Coding.IDENTITY);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> sweeper.sweep());
        assertThat(blob).exists();
    }

    @Test
    void aPutThatComesInBetweenKeepsItsBlob() throws Exception {
        TestObject object = TestObject.ofSize(SIZE);
        Path blob = write(object, Coding.IDENTITY);
        Held held = new Held();
        FutureTask<Long> put = waiting(() -> insert(row(object, Coding.IDENTITY, null)));
        FutureTask<Swept> swept = waiting(() -> sweeper.sweep());
        held.release();
        Concurrently.result(put);
        assertThat(Concurrently.result(swept)).isEqualTo(new Swept(0, 0));
        assertThat(blob).exists();
    }

    @Test
    void whatIsDeletedWhileItsFolderIsGoneThroughDoesNotEndIt() throws Exception {
        TestObject object = TestObject.ofSize(SIZE);
        Files.write(write(object, Coding.IDENTITY), new byte[SIZE]);
        Files.write(write(object, Coding.ZSTD), new byte[SIZE]);
        Held held = new Held();
        FutureTask<Swept> swept = waiting(() -> sweeper.sweep()); // over one of them
        Files.delete(layout.blob(object.output(), Coding.IDENTITY));
        Files.delete(layout.blob(object.output(), Coding.ZSTD));
        held.release();
        assertThat(Concurrently.result(swept)).isEqualTo(new Swept(0, 0));
    }

    /** The index's writer, busy until it is released. */
    private final class Held {

        private final CountDownLatch end = new CountDownLatch(1);
        private final FutureTask<Boolean> change;

        Held() throws InterruptedException {
            CountDownLatch begun = new CountDownLatch(1);
            change =
                    new FutureTask<>(
                            () ->
                                    index.change(
                                            writer -> {
                                                begun.countDown();
                                                return awaited(end);
                                            }));
            Thread.ofVirtual().start(change);
            begun.await();
        }

        void release() throws Exception {
            end.countDown();
            assertThat(Concurrently.result(change)).isTrue();
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A task that waits for the index's writer when this returns. */
    private static <T> FutureTask<T> waiting(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = Thread.ofPlatform().daemon().start(task);
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> thread.getState() == Thread.State.WAITING);
        return task;
    }

    private Path write(TestObject object, Coding coding) throws IOException {
        Path blob = layout.blob(object.output(), coding);
        Files.createDirectories(blob.getParent());
        return Files.write(blob, stored(object, coding));
    }

    private long insert(StagedObject object) throws SQLException {
        return index.change(
                writer -> {
                    long id = writer.insertObject(object);
                    writer.putOrphan(id, 1);
                    return id;
                });
    }

    private static StagedObject row(TestObject object, Coding coding, byte @Nullable [] data) {
        int length = stored(object, coding).length;
        return new StagedObject(object.output(), object.size(), length, coding, data, null);
    }

    private static byte[] stored(TestObject object, Coding coding) {
        return switch (coding) {
            case IDENTITY -> object.bytes();
            case ZSTD -> Zstd.compress(object.bytes());
        };
    }
}
