package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;

/** Room is made for what comes, not for what is announced. */
class AnnouncedRoomTest extends DiskFixture {

    private static final int COUNT = 30;
    private static final int SIZE = 500_000;

    @Test
    void aPutThatAnnouncesMuchAndSendsLittleEvictsNothing() throws Exception {
        List<TestObject> objects = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            objects.add(put(TestObject.ofSize(SIZE)));
        }
        TestObject large = TestObject.ofSize(10);
        Entry announced = new Entry(large.action(), large.output(), MAX_SIZE / 4 * 3, TIME);
        InputStream body =
                new SequenceInputStream(
                        new ByteArrayInputStream(new byte[200_000]), new BrokenStream());
        assertThatThrownBy(() -> disk.put(announced, body, false))
                .isInstanceOf(ObjectSourceException.class);
        for (TestObject object : objects) {
            assertThat(has(object)).isTrue();
        }
    }

    /** A client that hangs up. */
    private static final class BrokenStream extends InputStream {

        @Override
        public int read() throws IOException {
            throw new ObjectSourceException("hung up", new IOException("hung up"));
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
        }
    }
}
