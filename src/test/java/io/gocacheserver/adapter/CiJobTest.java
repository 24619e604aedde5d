package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The ends of jobs whose resident process is not there. */
class CiJobTest {

    @TempDir private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void stopWithoutStartStopsNothing() throws IOException {
        stop(null);

        assertThat(err)
                .hasToString(
                        "go-cache-adapter: nothing to stop: ci start has not run in this job,"
                                + " or CACHESERVER_SOCKET is unset\n");
        assertThat(out.size()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void stopAfterStopSaysSo() throws IOException {
        String socket = directory.resolve("socket").toString();
        stop(socket);

        assertThat(err)
                .hasToString(
                        "go-cache-adapter: nothing to stop at %s: the process there was stopped before\n"
                                .formatted(socket));
        assertThat(out.size()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void stopAfterADeathWarns() throws IOException {
        Files.writeString(directory.resolve("socket.log"), "last words\n");
        stop(directory.resolve("socket").toString());

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("::warning title=Go build cache::the resident process at ")
                .contains(" has died: ");
        assertThat(err).hasToString("last words\n");
        assertThat(directory.resolve("summary")).content().contains(" has died: ");
    }

    private void stop(@Nullable String socket) throws IOException {
        Map<String, String> environment =
                Map.of(
                        "GITHUB_ACTIONS",
                        "true",
                        "GITHUB_STEP_SUMMARY",
                        directory.resolve("summary").toString());
        new CiJob(environment, stream(out), stream(err)).stop(socket, Duration.ofSeconds(1));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
