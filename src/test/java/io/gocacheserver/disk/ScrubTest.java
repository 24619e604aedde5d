package io.gocacheserver.disk;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.disk.upkeep.Pacer;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class ScrubTest extends DiskFixture {

    @Test
    void whatIsDamagedIsRemovedWithItsActions() throws Exception {
        TestObject good = put(TestObject.ofSize(SIZE_OF_BLOB));
        TestObject zeroed = put(TestObject.ofSize(SIZE_OF_BLOB));
        TestObject missing = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.write(blob(zeroed), new byte[SIZE_OF_BLOB]);
        Files.delete(blob(missing));
        disk.scrubNow();
        await().until(() -> disk.report().usage().actions() == 1);
        assertThat(has(good)).isTrue();
        assertThat(has(zeroed)).isFalse();
        await().until(() -> !Files.exists(blob(zeroed)));
        assertThat(disk.report().corruptions().get(FoundBy.SCRUB)).isEqualTo(2);
    }

    @Test
    void itSaysWhenItEndedAndHowMuchItHasRead() throws Exception {
        put(TestObject.ofSize(SIZE_OF_BLOB));
        put(TestObject.ofSize(100));
        disk.scrubNow();
        await().until(() -> disk.report().scrub().completed() != null);
        assertThat(disk.report().scrub().objects()).isEqualTo(2);
        assertThat(disk.report().scrub().bytes()).isEqualTo(SIZE_OF_BLOB + 100);
        assertThat(disk.report().scrub().running()).isFalse();
        assertThat(disk.report().scrub().completed())
                .isEqualTo(TIME.truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void itRunsByItselfWhenItIsDue() throws Exception {
        put(TestObject.ofSize(SIZE_OF_BLOB));
        disk.close();
        disk = DiskTier.open(scrubbing(), clock);
        await().until(() -> disk.report().scrub().objects() == 1);
        await().until(() -> disk.report().scrub().completed() != null);
        disk.close();
        disk = DiskTier.open(scrubbing(), clock); // not due again
        disk.close();
        clock.advance(Duration.ofDays(8));
        disk = DiskTier.open(scrubbing(), clock);
        await().until(() -> disk.report().scrub().objects() == 1);
    }

    @Test
    void itReadsAtItsRate() throws InterruptedException {
        AtomicLong now = new AtomicLong();
        List<Duration> pauses = new ArrayList<>();
        Pacer pacer =
                new Pacer(
                        1000,
                        now::get,
                        pause -> {
                            pauses.add(pause);
                            now.addAndGet(pause.toNanos());
                        });
        for (int i = 0; i < 100; i++) {
            pacer.read(100);
        }
        assertThat(Duration.ofNanos(now.get()))
                .isBetween(Duration.ofMillis(9900), Duration.ofMillis(10_000));
        now.addAndGet(Duration.ofHours(1).toNanos()); // idle time cannot be saved up
        pacer.read(1000);
        assertThat(pauses.getLast()).isEqualTo(Duration.ofSeconds(1));
    }

    private StoreSettings scrubbing() {
        StoreSettings settings = TestDisk.settings(directory, MAX_SIZE);
        return new StoreSettings(
                directory,
                MAX_SIZE,
                Duration.ZERO,
                settings.inlineSize(),
                settings.memorySize(),
                settings.readers(),
                settings.patience(),
                1L << 30,
                Duration.ofDays(7));
    }
}
