package io.gocacheserver.operations;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.PurgeLog;
import io.gocacheserver.cache.tier.StoreMaintenance;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.StoreReport.Evicted;
import io.gocacheserver.cache.tier.StoreReport.EvictionReason;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A disk tier that reports what a test says, has one action, and remembers what it was told to do. */
final class FakeStore implements LocalTier, LocalCatalogue, StoreMaintenance, PurgeLog {

    static final ActionId ACTION = new ActionId("abcd");
    static final OutputId OUTPUT = new OutputId("ef01");
    static final Entry ENTRY =
            new Entry(
                    ActionKey.global(ACTION),
                    OUTPUT,
                    3,
                    Instant.EPOCH,
                    new Provenance("ci", null, null, null, null, null, "10.0.0.8"));
    static final Purge PURGE =
            new Purge(
                    Instant.EPOCH,
                    "alice",
                    "10.0.0.7",
                    "action",
                    "abcd",
                    "poisoned",
                    1,
                    1,
                    "removed");

    final List<String> started = new ArrayList<>();
    volatile State state = State.WORKING;
    volatile @Nullable String problem;
    volatile @Nullable TierException failure;
    volatile int reports;

    @Override
    public synchronized StoreReport report() {
        reports++;
        return new StoreReport(
                new StoreReport.Usage(1, 2, 3000, 1500),
                state,
                problem,
                2048,
                4096,
                1024,
                5_000_000_000L,
                Duration.ofHours(30),
                Map.of(EvictionReason.AGE, new Evicted(7, 8, 9000)),
                Map.of(FoundBy.SCRUB, 5L),
                new StoreReport.Scrub(true, 0.25, 11, 12, Instant.EPOCH));
    }

    @Override
    public void evictNow() {
        started.add("evict");
    }

    @Override
    public void scrubNow() {
        started.add("scrub");
    }

    @Override
    public void add(Purge purge) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Purge> latest(int max) {
        return List.of(PURGE);
    }

    @Override
    public void check() throws TierException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public boolean has(ActionKey action) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Lookup get(ActionKey action) {
        return action.equals(ActionKey.global(ACTION))
                ? new Lookup.Hit(ENTRY, new Content.InMemory(new byte[3]), name())
                : Lookup.miss();
    }

    @Override
    public Optional<Content> find(OutputId output) {
        return output.equals(OUTPUT)
                ? Optional.of(new Content.InMemory(new byte[3]))
                : Optional.empty();
    }

    @Override
    public void put(Entry entry, InputStream body, boolean upload) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void fill(Entry entry, InputStream body) {
        put(entry, body, false);
    }

    @Override
    public void putObject(
            OutputId output, long size, InputStream body, @Nullable Namespace sender) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Content> look(OutputId output) {
        return find(output);
    }

    @Override
    public List<Entry> entries(ActionId action) {
        return action.equals(ACTION) ? List.of(ENTRY) : List.of();
    }

    @Override
    public List<Entry> entries(OutputId output, int max) {
        return output.equals(OUTPUT) ? List.of(ENTRY) : List.of();
    }

    @Override
    public List<Entry> written(WrittenBy query, int max) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Page actions(Namespace namespace, @Nullable String after) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Removed remove(ActionKey action) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Removed remove(OutputId output) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reportDamaged(OutputId output, FoundBy by) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean putAction(Entry entry, boolean upload) {
        throw new UnsupportedOperationException();
    }
}
