package io.gocacheserver.adapter.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class SentBuildsTest {

    @TempDir private Path cache;
    private final AtomicLong millis = new AtomicLong(1_000_000);
    private SentBuilds sent;

    @BeforeEach
    void open() {
        sent = new SentBuilds(cache.toString(), () -> Instant.ofEpochMilli(millis.get()));
    }

    @Test
    void whatWasNotTakenIsSentLaterWithItsAge() {
        keep("{\"misses\":1}");
        millis.addAndGet(5_000);
        keep("{\"misses\":2}");

        assertThat(taken())
                .containsExactly(
                        "{\"misses\":1,\"ageMillis\":5000}", "{\"misses\":2,\"ageMillis\":0}");
        assertThat(taken()).isEmpty();
    }

    @Test
    void keepsTheLastFifty() {
        for (int i = 0; i < 60; i++) {
            keep("{\"misses\":" + i + "}");
        }

        assertThat(taken()).hasSize(50).first().asString().contains(":10,");
    }

    @Test
    void passesOverWhatWasNotWrittenToItsEnd() throws Exception {
        keep("{\"misses\":1}");
        Path file = cache.resolve("go-cache-adapter/unsent-reports");
        Files.writeString(file, "rubbish\n" + Files.readString(file));

        assertThat(taken()).hasSize(1);
    }

    @Test
    void knowsTheLastBuildThatWasTaken() {
        assertThat(sent.last()).isNull();
        sent.took(7);
        sent.took(8);
        assertThat(sent.last()).isEqualTo(8);
    }

    private void keep(String report) {
        sent.keep(report.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> taken() {
        return sent.take().stream()
                .map(report -> new String(report, StandardCharsets.UTF_8))
                .toList();
    }
}
