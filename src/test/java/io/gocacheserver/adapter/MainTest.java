package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Waiting;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program as a process: exit codes, and what goes to which stream. */
class MainTest {

    private static final String SERVER = "--server=http://127.0.0.1:9";

    @TempDir private Path directory;

    @Test
    void greetsAndEndsWhenStdinCloses() throws Exception {
        Result result = run("", SERVER, "--cache-dir=" + directory.resolve("new/cache"));

        assertThat(result)
                .isEqualTo(
                        new Result(
                                0,
                                "{\"ID\":0,\"KnownCommands\":[\"get\",\"put\",\"close\"]}\n",
                                ""));
    }

    @Test
    void failsWithOneClearMessageOnALineThatIsNoJson() throws Exception {
        Result result = run("hello\n", SERVER, "--cache-dir=" + directory);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo(
                        "go-cache-adapter: stdin is not the Go command's GOCACHEPROG protocol:"
                                + " expected '{' to start a request, found \"hello\"\n");
    }

    @Test
    void refusesAWrongFlagBeforeItWritesToStdout() throws Exception {
        Result result = run("", "--nonsense");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("unknown flag --nonsense").contains("--help");
    }

    @Test
    void refusesADirectoryThatIsNoneBeforeItWritesToStdout() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");
        Result result = run("", SERVER, "--cache-dir=" + file);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(file + ": it is no directory; pass another one");
    }

    @Test
    void helpsOnStdout() throws Exception {
        Result result = run("", "--help");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("--server URL");
        assertThat(result.err()).isEmpty();
    }

    private Result run(String input, String... args) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", "target/classes", Main.class.getName()));
        command.addAll(List.of(args));
        Path out = directory.resolve("stdout");
        Path err = directory.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(Redirect.to(out.toFile()))
                        .redirectError(Redirect.to(err.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("CACHESERVER_"));
        Process process = builder.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended without reading.
        }
        assertThat(process.waitFor(Waiting.LIMIT)).isTrue();
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private record Result(int exitCode, String out, String err) {}
}
