package io.gocacheserver.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

class CachedValueTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_500_000_000L);
    private final AtomicInteger made = new AtomicInteger();
    private final CachedValue<Integer> kept =
            new CachedValue<>(made::incrementAndGet, Duration.ofSeconds(1), now::get);

    @Test
    void aValueIsMadeOnceWhileItIsGood() {
        assertThat(kept.get()).isEqualTo(1);
        now.addAndGet(999_999_999);
        assertThat(kept.get()).isEqualTo(1);
    }

    @Test
    void thenItIsMadeAgainAlsoWhenTheClockWrapsAround() {
        kept.get();
        for (int i = 2; i < 5; i++) {
            now.addAndGet(1_000_000_000);
            assertThat(kept.get()).isEqualTo(i);
        }
    }
}
