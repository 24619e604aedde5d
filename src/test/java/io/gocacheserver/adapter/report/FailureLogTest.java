package io.gocacheserver.adapter.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

class FailureLogTest {

    private static final Duration DAY = Duration.ofDays(1);

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");

    @Test
    void knowsWhatFailedLately() {
        log().add("first");
        now = now.plus(DAY);
        log().add("second\nof two lines");
        now = now.plus(DAY);

        assertThat(log().since(DAY))
                .containsExactly("2026-11-24T10:00:00.000000000Z second of two lines");
        assertThat(log().since(DAY.multipliedBy(2))).hasSize(2);
    }

    @Test
    void keepsItsFileWithinABound() throws Exception {
        FailureLog log = log();
        for (int i = 0; i < 500; i++) {
            log.add(i + "€".repeat(1_000));
            assertThat(Files.size(log.file())).isLessThanOrEqualTo(FailureLog.MAX_BYTES);
        }

        List<String> lines = log.since(DAY);
        assertThat(lines).hasSizeGreaterThanOrEqualTo(FailureLog.KEPT_LINES - 1);
        assertThat(lines.getLast()).contains("Z 499€");
    }

    @Test
    void doesNothingWhereItCannotWrite() throws Exception {
        Files.writeString(directory.resolve("go-cache-adapter"), "in the way");
        log().add("something");

        assertThat(log().since(DAY)).isEmpty();
    }

    private FailureLog log() {
        return new FailureLog(directory.toString(), () -> now);
    }
}
