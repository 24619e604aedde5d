package io.gocacheserver.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.module.ModuleZip.InvalidZipException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

class ModuleZipTest {

    @TempDir private Path directory;

    @Test
    void theHashIsThatOfTheGoCommand() throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("example.com/m@v1.2.3/z.go", bytes("package m\n"));
        files.put("example.com/m@v1.2.3/go.mod", bytes("module example.com/m\n"));
        files.put("example.com/m@v1.2.3/sub/ä.txt", bytes(""));
        // computed as dirhash's documentation says: sha256sum of all files, sorted, and that of the
        // list, in base64
        assertThat(hash(FakeUpstream.zip(files)))
                .isEqualTo("h1:i5OqQIa/Z42qsLS6nk3xjBvsEZrvD61EuX8ahyitX5U=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com/other@v1.2.3/go.mod",
                "example.com/m@v1.2.4/go.mod",
                "go.mod",
                "/etc/passwd",
                "example.com/m@v1.2.3/../../escape",
                "example.com/m@v1.2.3/a/./b",
                "example.com/m@v1.2.3/a//b",
                "example.com/m@v1.2.3/a\\b",
                "example.com/m@v1.2.3/a\nb",
            })
    void aFileElsewhereIsRefused(String name) throws Exception {
        assertRefused(FakeUpstream.zip(name, "x"), "not below example.com/m@v1.2.3/");
    }

    @Test
    void whatIsNoZipIsRefused() throws Exception {
        assertRefused(bytes("<html>Sign in</html>"), "no zip");
        assertRefused(new byte[0], "no zip");
        byte[] zip = FakeUpstream.zip("example.com/m@v1.2.3/go.mod", "module example.com/m");
        assertRefused(Arrays.copyOf(zip, zip.length - 1), "cut off");
        assertRefused(Arrays.copyOf(zip, zip.length + 1), "cut off");
    }

    /** The Go command takes a version without files, such as one whose packages have moved to another module. */
    @Test
    void aZipWithoutFilesHasTheHashOfNothing() throws Exception {
        Path file = Files.write(directory.resolve("empty.zip"), FakeUpstream.zip(Map.of()));
        assertThat(ModuleZip.hash(file, "example.com/m", "v1.2.3"))
                .isEqualTo("h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    @Test
    void damagedContentIsRefused() throws Exception {
        byte[] zip =
                FakeUpstream.zip("example.com/m@v1.2.3/go.mod", "module example.com/m".repeat(100));
        for (int i = 60; i < 70; i++) {
            zip[i] ^= 0x55;
        }
        assertRefused(zip, "cannot be read");
    }

    /** A few hundred kilobytes that would become 600 MB. */
    @Test
    void aBombIsRefused() throws Exception {
        Path file = directory.resolve("bomb.zip");
        byte[] zeros = new byte[1024 * 1024];
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("example.com/m@v1.2.3/zeros"));
            for (int i = 0; i < 600; i++) {
                zip.write(zeros);
            }
        }
        assertThat(Files.size(file)).isLessThan(1_000_000);
        assertThatExceptionOfType(InvalidZipException.class)
                .isThrownBy(() -> ModuleZip.hash(file, "example.com/m", "v1.2.3"))
                .withMessageContaining("more than 524288000 bytes");
    }

    @Test
    void aDirectoryThatWouldFillMemoryIsRefused() throws Exception {
        byte[] zip = FakeUpstream.zip("example.com/m@v1.2.3/go.mod", "x");
        ByteBuffer.wrap(zip)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(zip.length - 10, 33 * 1024 * 1024);
        assertRefused(zip, "too many files");
    }

    private void assertRefused(byte[] zip, String why) {
        assertThatExceptionOfType(InvalidZipException.class)
                .isThrownBy(() -> hash(zip))
                .withMessageContaining(why);
    }

    private String hash(byte[] zip) throws IOException, InvalidZipException {
        Path file = Files.write(directory.resolve("module.zip"), zip);
        return ModuleZip.hash(file, "example.com/m", "v1.2.3");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
