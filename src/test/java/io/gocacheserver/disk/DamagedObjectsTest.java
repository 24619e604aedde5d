package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.StoreReport.Usage;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;

class DamagedObjectsTest extends DiskFixture {

    @Test
    void aMissingBlobIsAMissAndIsForgotten() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.delete(blob(object));
        assertThat(disk.get(object.key())).isInstanceOf(Lookup.Miss.class);
        assertThat(disk.find(object.output())).isEmpty();
        assertThat(disk.report().usage()).isEqualTo(new Usage(0, 0, 0, 0));
    }

    @Test
    void aTruncatedBlobIsAMissAndIsRemoved() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.write(blob(object), new byte[SIZE_OF_BLOB / 2]);
        assertThat(disk.get(object.key())).isInstanceOf(Lookup.Miss.class);
        assertThat(blob(object)).doesNotExist();
        assertThat(disk.report().usage()).isEqualTo(new Usage(0, 0, 0, 0));
    }

    @Test
    void anObjectWhoseBlobWasLostCanBePutAgain() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.delete(blob(object));
        put(object);
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
        assertThat(disk.report().usage()).isEqualTo(new Usage(1, 1, SIZE_OF_BLOB, SIZE_OF_BLOB));
    }

    @Test
    void aTruncatedBlobIsMendedByTheNextPut() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.write(blob(object), new byte[3]);
        put(object);
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }
}
