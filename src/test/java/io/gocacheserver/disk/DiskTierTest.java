package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.cache.tier.StoreReport.Usage;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;

class DiskTierTest extends DiskFixture {

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, INLINE_SIZE - 1, INLINE_SIZE, INLINE_SIZE + 1, SIZE_OF_BLOB, 3_000_000})
    void findsWhatWasPut(int size) throws Exception {
        TestObject object = TestObject.ofSize(size);
        disk.put(entry(object), object.stream(), false);
        assertThat(bytes(disk.find(object.output()))).isEqualTo(object.bytes());
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
        Usage before = disk.report().usage();
        reopen();
        assertThat(hit(object.action()).entry()).isEqualTo(entry(object));
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
        assertThat(disk.report().usage()).isEqualTo(before);
    }

    @Test
    void doesNotKnowWhatWasNotPut() throws TierException {
        TestObject object = TestObject.ofSize(10);
        assertThat(disk.get(object.key())).isInstanceOf(Lookup.Miss.class);
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
        assertThat(disk.report().usage())
                .isEqualTo(new Usage(1, 2, 10 + SIZE_OF_BLOB, 10 + SIZE_OF_BLOB));
    }

    @Test
    void twoActionsShareAnObject() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        ActionId other = TestValues.action("another one");
        assertThat(disk.putAction(new Entry(other, object.output(), object.size(), TIME), false))
                .isTrue();
        assertThat(bytes(hit(other).content())).isEqualTo(object.bytes());
        assertThat(disk.report().usage()).isEqualTo(new Usage(2, 1, SIZE_OF_BLOB, SIZE_OF_BLOB));
    }

    @Test
    void anObjectMayComeWithoutAnAction() throws Exception {
        TestObject object = TestObject.ofSize(SIZE_OF_BLOB);
        disk.putObject(object.output(), object.size(), object.stream(), null);
        assertThat(bytes(disk.find(object.output()))).isEqualTo(object.bytes());
        assertThat(disk.report().usage()).isEqualTo(new Usage(0, 1, SIZE_OF_BLOB, SIZE_OF_BLOB));
    }

    @Test
    void anActionWithoutItsObjectIsRefused() throws TierException {
        TestObject object = TestObject.ofSize(10);
        assertThat(disk.putAction(entry(object), false)).isFalse();
        assertThat(disk.get(object.key())).isInstanceOf(Lookup.Miss.class);
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
                .isThrownBy(() -> disk.putObject(object.output(), size, refused, null));
        assertNothingOf(object);
    }

    @Test
    void totalsCountEachObjectOnce() throws Exception {
        TestObject small = put(TestObject.ofSize(10));
        put(TestObject.ofSize(SIZE_OF_BLOB));
        disk.put(entry(small), small.stream(), false);
        disk.putObject(small.output(), small.size(), small.stream(), null);
        assertThat(disk.report().usage())
                .isEqualTo(new Usage(2, 2, 10 + SIZE_OF_BLOB, 10 + SIZE_OF_BLOB));
    }

    @Test
    void manyThreadsPutTheSameObject() throws Exception {
        TestObject object = TestObject.ofSize(SIZE_OF_BLOB);
        Concurrently.run(
                32,
                i ->
                        () -> {
                            ActionId action = TestValues.action("same object " + i);
                            var entry = new Entry(action, object.output(), object.size(), TIME);
                            disk.put(entry, object.stream(), false);
                            return bytes(hit(action).content());
                        });
        assertThat(disk.report().usage()).isEqualTo(new Usage(32, 1, SIZE_OF_BLOB, SIZE_OF_BLOB));
        assertThat(bytes(disk.find(object.output()))).isEqualTo(object.bytes());
        assertThat(tmp()).isEmpty();
    }

    @Test
    void aPutAndARemovalAtTheSameTimeLeaveNoActionWithoutItsObject() throws Exception {
        TestObject object = TestObject.ofSize(SIZE_OF_BLOB);
        Concurrently.run(
                8,
                i ->
                        () -> {
                            for (int j = 0; j < 100; j++) {
                                if (i % 2 == 0) {
                                    put(object);
                                } else {
                                    disk.remove(object.output());
                                }
                                if (disk.get(object.key()) instanceof Lookup.Hit hit) {
                                    assertThat(hit.entry()).isEqualTo(entry(object));
                                }
                            }
                            return true;
                        });
        assertThat(disk.report().corruptions().get(FoundBy.GET)).isZero();
        put(object);
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
        assertThat(disk.report().usage()).isEqualTo(new Usage(1, 1, SIZE_OF_BLOB, SIZE_OF_BLOB));
    }

    @Test
    void whatAnotherTierHadDoesNotReplaceALaterPut() throws Exception {
        TestObject put = put(TestObject.ofSize(10));
        TestObject old = TestObject.ofSize(20);
        Entry recorded = new Entry(put.action(), old.output(), 20, TIME.minusSeconds(60));
        disk.fill(recorded, old.stream());
        assertThat(bytes(disk.find(old.output()))).isEqualTo(old.bytes());
        assertThat(hit(put.action()).entry()).isEqualTo(entry(put));
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
        assertThat(disk.report().usage()).isEqualTo(new Usage(count, count, bytes, bytes));
        reopen();
        assertThat(disk.report().usage()).isEqualTo(new Usage(count, count, bytes, bytes));
        for (TestObject object : objects) {
            assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
        }
    }

    private void assertNothingOf(TestObject object) throws Exception {
        assertThat(disk.get(object.key())).isInstanceOf(Lookup.Miss.class);
        assertThat(disk.find(object.output())).isEmpty();
        assertThat(disk.report().usage()).isEqualTo(new Usage(0, 0, 0, 0));
        assertThat(tmp()).isEmpty();
        assertThat(Directories.files(directory.resolve("blobs"))).isEmpty();
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
