package io.gocacheserver.adapter.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** What Go keeps of tests is told by its content. */
class TestObjectTest {

    @TempDir private Path directory;

    @Test
    void anOutputNamesItsPackageInItsLastLine() throws IOException {
        assertThat(read("PASS\nok  \texample.test/p\t0.010s\n"))
                .isEqualTo(new TestObject("example.test/p", ""));
        assertThat(read("ok  \texample.test/p\t0.010s\tcoverage: 50.0% of statements\n"))
                .isEqualTo(new TestObject("example.test/p", ""));
    }

    @Test
    void aListHasItsLines() throws IOException {
        assertThat(read("# test log\ngetenv HOME\nopen testdata/x\n"))
                .isEqualTo(new TestObject(null, "getenv HOME\nopen testdata/x\n"));
    }

    @Test
    void allElseIsNone() throws IOException {
        for (String content :
                new String[] {
                    "",
                    "x",
                    "!<arch>\nok  \tp\t1s\n",
                    "FAIL\tp\t1s\n",
                    "ok  \tp\t1s\nmore\n",
                    "ok  \tp"
                }) {
            assertThat(read(content)).as(content).isNull();
        }
        assertThat(TestObject.of(directory.resolve("missing").toString())).isNull();
    }

    @Test
    void theFileThatChangedLastIsNamed() throws IOException {
        write("a", Instant.EPOCH);
        write("sub/b", Instant.EPOCH.plusSeconds(60));
        assertThat(
                        new TestObject(
                                        null,
                                        "open a\nopen missing\ngetenv X\nchdir %s/sub\nstat b\n"
                                                .formatted(directory))
                                .newest(directory.toString()))
                .isEqualTo("of 2 files the one changed last is b");
    }

    private void write(String name, Instant time) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private @Nullable TestObject read(String content) throws IOException {
        Path file = directory.resolve("object");
        Files.writeString(file, content);
        return TestObject.of(file.toString());
    }
}
