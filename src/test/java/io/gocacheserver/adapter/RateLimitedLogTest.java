package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class RateLimitedLogTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final SharedSessions.RateLimitedLog lines =
            new SharedSessions.RateLimitedLog(new PrintStream(out, true, StandardCharsets.UTF_8), nanos::get);

    @Test
    void saysALineAMinuteAndHowManyItLeftOut() {
        for (int i = 0; i < 5; i++) {
            lines.add("failure " + i);
        }
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        lines.add("failure 5");
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        lines.add("failure 6");

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "go-cache-adapter serve: failure 0",
                        "go-cache-adapter serve: failure 5; since the last such line, 4 more",
                        "go-cache-adapter serve: failure 6");
    }
}
