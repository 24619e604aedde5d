package io.gocacheserver.adapter.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.disk.TestResult;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** What Go keeps of tests is told by its content. */
class NamedBuildTest {

    @TempDir private Path directory;

    @Test
    void anOutputNamesItsPackageInItsLastLine() throws IOException {
        assertThat(read("PASS\nok  \texample.test/p\t0.010s\n")).isEqualTo("example.test/p");
        assertThat(read("ok  \texample.test/p\t0.010s\tcoverage: 50.0% of statements\n"))
                .isEqualTo("example.test/p");
    }

    @Test
    void aListOfWhatItHasReadIsKnown() throws IOException {
        assertThat(read("# test log\ngetenv HOME\nopen testdata/x\n")).isEmpty();
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
        assertThat(TestResult.of(directory.resolve("missing").toString())).isNull();
    }

    @Test
    void theFileThatChangedLastIsNamed() throws IOException {
        write("a", Instant.EPOCH);
        write("sub/b", Instant.EPOCH.plusSeconds(60));
        Path log = directory.resolve("log");
        Files.writeString(
                log,
                "# test log\nopen a\nopen missing\ngetenv X\nchdir %s/sub\nstat b\n"
                        .formatted(directory));

        assertThat(NamedBuild.newest(log.toString(), directory.toString()))
                .isEqualTo("of 2 files the one changed last is b");
        assertThat(NamedBuild.newest(directory.resolve("none").toString(), "")).isNull();
    }

    private void write(String name, Instant time) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private @Nullable String read(String content) throws IOException {
        Path file = directory.resolve("object");
        Files.writeString(file, content);
        return TestResult.of(file.toString());
    }
}
