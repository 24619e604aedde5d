package io.gocacheserver.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.operations.Overviews.Reports;
import io.gocacheserver.operations.metrics.StoreMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

class MetricsTest {

    private final FakeStore store = new FakeStore();
    private final CachedValue<StoreReport> report =
            new CachedValue<>(store::report, Duration.ofSeconds(1), () -> 0);
    private final CachedValue<Statistics> uploads =
            new CachedValue<>(
                    () ->
                            new Statistics(
                                    1, 2, Duration.ofMillis(3500), 4, 5, 6, 7, 8, 9, true, null),
                    Duration.ofSeconds(1),
                    () -> 0);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final StoreMetrics metrics =
            new StoreMetrics(new Reports(report, uploads), () -> Instant.ofEpochSecond(86_400));

    @ParameterizedTest
    @CsvSource({
        "gocache.disk.actions, '', '', 1",
        "gocache.disk.objects, '', '', 2",
        "gocache.disk.bytes, '', '', 3000",
        "gocache.disk.stored, '', '', 1500",
        "gocache.disk.directory, '', '', 2048",
        "gocache.disk.limit, '', '', 4096",
        "gocache.disk.index, '', '', 1024",
        "gocache.disk.volume.free, '', '', 5000000000",
        "gocache.disk.oldest.idle, '', '', 108000",
        "gocache.disk.evicted.actions, reason, age, 7",
        "gocache.disk.evicted.objects, reason, age, 8",
        "gocache.disk.evicted.bytes, reason, age, 9000",
        "gocache.disk.evicted.bytes, reason, size, 0",
        "gocache.disk.evicted.bytes, reason, volume, 0",
        "gocache.disk.corruptions, found_by, scrub, 5",
        "gocache.disk.corruptions, found_by, get, 0",
        "gocache.disk.corruptions, found_by, upload, 0",
        "gocache.disk.state, state, read_only, 1",
        "gocache.disk.state, state, working, 0",
        "gocache.disk.state, state, full, 0",
        "gocache.disk.state, state, unavailable, 0",
        "gocache.scrub.running, '', '', 1",
        "gocache.scrub.progress, '', '', 0.25",
        "gocache.scrub.objects, '', '', 11",
        "gocache.scrub.bytes, '', '', 12",
        "gocache.scrub.completed.age, '', '', 86400",
        "gocache.uploads.queued, '', '', 1",
        "gocache.uploads.running, '', '', 2",
        "gocache.uploads.oldest, '', '', 3.5",
        "gocache.uploads.dropped, '', '', 4",
        "gocache.uploads.resumed, '', '', 5",
        "gocache.uploads.retried, '', '', 6",
        "gocache.uploads.given.up, reason, exhausted, 7",
        "gocache.uploads.given.up, reason, expired, 8",
        "gocache.uploads.given.up, reason, lost, 9",
        "gocache.uploads.paused, '', '', 1"
    })
    void aMeterHasItsValue(String name, String tag, String value, double expected) {
        store.state = State.READ_ONLY;
        metrics.bindTo(registry);
        var search = registry.get(name);
        Meter meter = (tag.isEmpty() ? search : search.tag(tag, value)).meter();
        assertThat(meter.measure()).hasSize(1);
        assertThat(meter.measure().iterator().next().getValue()).isEqualTo(expected);
        assertThat(meter.getId().getDescription()).isNotBlank();
    }

    @Test
    void theReportIsMadeOnceForAllOfThem() {
        metrics.bindTo(registry);
        for (Meter meter : registry.getMeters()) {
            meter.measure().forEach(measurement -> assertThat(measurement.getValue()).isNotNaN());
        }
        assertThat(store.reports).isEqualTo(1);
    }

    @Test
    void withoutAnS3TierThereAreNoUploads() {
        new StoreMetrics(new Reports(report, null), InstantSource.system()).bindTo(registry);
        assertThat(registry.getMeters())
                .isNotEmpty()
                .noneMatch(meter -> meter.getId().getName().startsWith("gocache.uploads"));
    }
}
