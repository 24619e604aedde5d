package io.gocacheserver.adapter.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

class ExecutableNameTest {

    private static final String MARK =
            "0w\u00af\f\u0092t\b\u0002A\u00e1\u00c1\u0007\u00e6\u00d6\u0018\u00e6";

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "example.com/x/gen,              gen",
        "gen,                            gen",
        "example.com/x/v2,               x",
        "example.com/x/v1,               v1",
        "example.com/x/v0,               v0",
        "example.com/x/v2x,              v2x",
        "v2,                             v2",
        "cmd/covdata,                    covdata",
        "example.com/go-gen.2,           go-gen.2",
        "example.com/..,                 program",
        "example.com/a b,                program"
    })
    void isThatOfTheMainPackage(String path, String name) throws IOException {
        assertThat(ExecutableName.of(executable(0, path), () -> "other")).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_530, 65_536 - 20, 65_536, 200_000})
    void isFoundWhereverItIs(int before) throws IOException {
        assertThat(ExecutableName.of(executable(before, "example.com/gen"), () -> null))
                .isEqualTo("gen");
    }

    @Test
    void isFoundBehindWhatOnlyBeginsLikeIt() throws IOException {
        Path file = write("0w0" + MARK.substring(0, 10) + build("example.com/gen"));

        assertThat(ExecutableName.of(file, () -> null)).isEqualTo("gen");
    }

    @Test
    void ofAProgramMadeOfFilesIsTheOtherOne() throws IOException {
        Path file = executable(0, "command-line-arguments");

        assertThat(ExecutableName.of(file, () -> "gen")).isEqualTo("gen");
        assertThat(ExecutableName.of(file, () -> "")).isEqualTo("program");
        assertThat(ExecutableName.of(file, () -> null)).isNull();
    }

    @Test
    void ofOtherProgramsIsTheOtherOne() throws IOException {
        assertThat(ExecutableName.of(write("#!/bin/sh\n"), () -> "gen")).isEqualTo("gen");
        assertThat(ExecutableName.of(write("#!/bin/sh\n"), () -> null)).isNull();
        assertThat(ExecutableName.of(write(build("x".repeat(2_000))), () -> null)).isNull();
    }

    @Test
    void onWindowsHasAnExtension() throws IOException {
        Path file = write("MZ\u0090\0" + build("example.com/gen"));

        assertThat(ExecutableName.of(file, () -> null)).isEqualTo("gen.exe");
    }

    private Path executable(int before, String path) throws IOException {
        return write("x".repeat(before) + build(path));
    }

    private static String build(String path) {
        return MARK + "path\t" + path + "\nmod\texample.com\t(devel)\n";
    }

    private Path write(String content) throws IOException {
        Path file = Files.createTempFile(directory, "executable", "");
        return Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
    }
}
