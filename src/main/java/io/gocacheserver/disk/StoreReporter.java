package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.StoreReport.Scrub;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.disk.blobs.DiskLayout;
import io.gocacheserver.disk.blobs.StoreCounters;
import io.gocacheserver.disk.index.IndexReader;
import io.gocacheserver.disk.index.SqlFailure;
import io.gocacheserver.disk.index.Totals;
import io.gocacheserver.disk.upkeep.Space;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;

/** Finds out how the store is, and whether it can be written at this moment. */
final class StoreReporter {

    private static final Duration REFUSAL_COUNTS = Duration.ofSeconds(10);
    private static final long LITTLE_BYTES = 4L << 20;

    private record Condition(State state, @Nullable String problem) {}

    private StoreReporter() {}

    static StoreReport unavailable(String problem, StoreCounters counters) {
        return new StoreReport(
                Totals.NONE.usage(),
                State.UNAVAILABLE,
                problem,
                0,
                0,
                0,
                0,
                null,
                counters.evictions(),
                counters.corruptions(),
                new Scrub(false, 0, 0, 0, null));
    }

    static StoreReport report(OpenStore open) {
        Space.Sample space = open.space.sample();
        Condition condition = condition(open, space);
        return new StoreReport(
                open.index.totals().usage(),
                condition.state(),
                condition.problem(),
                open.space.directory(),
                space.limit(),
                open.index.bytes(),
                space.volumeFree(),
                oldestIdle(open),
                open.counters.evictions(),
                open.counters.corruptions(),
                open.scrubber.report());
    }

    private static Condition condition(OpenStore open, Space.Sample space) {
        DiskLayout layout = open.layout;
        if (!layout.isStillThere()) {
            return new Condition(
                    State.UNAVAILABLE,
                    "%s is gone, or another one is in its place".formatted(layout.root()));
        }
        try {
            layout.checkWritable();
        } catch (IOException e) {
            return new Condition(
                    SqlFailure.of(e) == SqlFailure.FULL ? State.FULL : State.READ_ONLY,
                    "%s cannot be written: %s".formatted(layout.root(), e));
        }
        if (open.space.hasRefused(REFUSAL_COUNTS)) {
            return new Condition(
                    State.FULL,
                    "%s takes %d of %d bytes, and nothing more can be evicted now"
                            .formatted(layout.root(), open.space.directory(), space.limit()));
        }
        if (space.volumeFree() < LITTLE_BYTES) {
            return new Condition(
                    State.FULL,
                    "the volume of %s has only %d bytes left"
                            .formatted(layout.root(), space.volumeFree()));
        }
        return new Condition(State.WORKING, null);
    }

    private static @Nullable Duration oldestIdle(OpenStore open) {
        try {
            OptionalLong used = open.index.read(IndexReader::oldestUse);
            return used.isPresent() ? open.uses.since(used.getAsLong()) : null;
        } catch (SQLException e) {
            return null;
        }
    }
}
