package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;

class CompressionTest extends DiskFixture {

    @ParameterizedTest
    @ValueSource(ints = {200, 4096, 65_535, 65_536, 65_537, 3_000_000})
    void whatCompressesIsStoredCompressed(int size) throws Exception {
        TestObject object = put(TestObject.of("abcdefgh ".repeat(size / 9 + 1).substring(0, size)));
        Content content = hit(object.action()).content();
        assertThat(content.coding()).isEqualTo(Coding.ZSTD);
        assertThat(content.size()).isEqualTo(size);
        assertThat(content.storedSize()).isLessThan(size / 2);
        assertThat(bytes(content)).isEqualTo(object.bytes());
        assertThat(stored(content)).hasSize((int) content.storedSize());
        reopen();
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
        assertThat(bytes(disk.find(object.output()))).isEqualTo(object.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 200, 65_536, 65_537, 3_000_000})
    void whatDoesNotCompressIsStoredAsItIs(int size) throws Exception {
        TestObject object = put(TestObject.ofSize(size));
        Content content = hit(object.action()).content();
        assertThat(content.coding()).isEqualTo(Coding.IDENTITY);
        assertThat(content.storedSize()).isEqualTo(size);
        assertThat(bytes(content)).isEqualTo(object.bytes());
    }

    @Test
    void whatCompressesOnlyAtItsBeginningIsStoredAsItIs() throws Exception {
        TestObject random = TestObject.ofSize(1_500_000);
        byte[] bytes = new byte[2_000_000 / 20 + 1_500_000];
        System.arraycopy(random.bytes(), 0, bytes, 2_000_000 / 20, random.size());
        TestObject object = put(TestObject.of(bytes));
        assertThat(hit(object.action()).content().coding()).isEqualTo(Coding.IDENTITY);
        assertThat(bytes(hit(object.action()).content())).isEqualTo(bytes);
        assertThat(tmp()).isEmpty();
    }

    @Test
    void whatIsSmallOnceCompressedLivesInTheIndex() throws Exception {
        TestObject object = put(TestObject.of("x".repeat(60_000)));
        assertThat(hit(object.action()).content()).isInstanceOf(Content.InMemory.class);
        assertThat(Directories.files(directory.resolve("blobs"))).isEmpty();
    }

    @Test
    void aCompressedBlobSaysSoInItsName() throws Exception {
        TestObject object = put(TestObject.of(words(2_000_000)));
        String hex = object.output().hex();
        assertThat(Directories.files(directory.resolve("blobs")))
                .containsExactly(hex.substring(0, 2) + "/" + hex + ".zst");
        assertThat(disk.report().usage().bytes()).isEqualTo(object.size());
        assertThat(disk.report().usage().storedBytes())
                .isEqualTo(Files.size(blob(object).resolveSibling(hex + ".zst")))
                .isLessThan(object.size() / 2L);
    }

    private static byte[] stored(Content content) throws Exception {
        try (InputStream stored = content.openStored()) {
            return stored.readAllBytes();
        }
    }

    private static String words(int length) {
        Random random = new Random(1);
        List<String> words = List.of("func ", "return ", "package ", "import ", "if err != nil ");
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(words.get(random.nextInt(words.size()))).append(random.nextInt(1000));
        }
        return text.toString();
    }
}
