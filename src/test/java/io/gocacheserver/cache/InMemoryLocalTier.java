package io.gocacheserver.cache;

import com.github.luben.zstd.Zstd;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.NamespaceSpace;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A local tier in maps, which can be told to fail, and to store objects compressed. */
public final class InMemoryLocalTier implements LocalTier, NamespaceSpace, LocalCatalogue {

    private final Map<ActionKey, Entry> actions = new ConcurrentHashMap<>();
    private final Map<OutputId, Content> objects = new ConcurrentHashMap<>();
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final InMemoryPendingUploads uploads = new InMemoryPendingUploads();
    public final List<String> damaged = new CopyOnWriteArrayList<>();
    public volatile Runnable beforeReads = () -> {};
    public volatile boolean readsFail;
    public volatile boolean writesFail;
    public volatile Coding coding = Coding.IDENTITY;

    /** Of all lists that were asked for, the size of the largest. */
    public volatile int largestList;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean has(ActionKey action) throws TierException {
        failReads();
        return actions.containsKey(action);
    }

    @Override
    public Lookup get(ActionKey action) throws TierException {
        failReads();
        Entry entry = actions.get(action);
        if (entry == null) {
            return Lookup.miss();
        }
        return new Lookup.Hit(entry, find(entry.output()).orElseThrow(), name());
    }

    @Override
    public Optional<Content> find(OutputId output) throws TierException {
        failReads();
        return Optional.ofNullable(objects.get(output));
    }

    @Override
    public void put(Entry entry, InputStream body, boolean upload)
            throws ObjectSourceException, TierException {
        putObject(entry.output(), entry.size(), body, null);
        put(entry, upload);
    }

    @Override
    public void fill(Entry entry, InputStream body) throws ObjectSourceException, TierException {
        put(entry, body, false);
    }

    @Override
    public void putObject(OutputId output, long size, InputStream body, @Nullable Namespace sender)
            throws ObjectSourceException, TierException {
        failWrites();
        if (sender != null) {
            sent.add(sender + " " + output);
        }
        try {
            objects.put(output, content(body.readAllBytes()));
        } catch (ObjectSourceException e) {
            throw e;
        } catch (IOException e) {
            throw new TierException.LocalWrite("write", e);
        }
    }

    @Override
    public boolean putAction(Entry entry, boolean upload) throws TierException {
        failWrites();
        boolean known = objects.containsKey(entry.output());
        if (known) {
            put(entry, upload);
        }
        return known;
    }

    @Override
    public boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender)
            throws TierException {
        failReads();
        return actions.values().stream()
                        .anyMatch(
                                entry ->
                                        entry.output().equals(output)
                                                && readers.contains(entry.key().namespace()))
                || sent.contains(sender + " " + output);
    }

    @Override
    public long bytes(Namespace namespace) {
        return actions.values().stream()
                .filter(entry -> entry.key().namespace().equals(namespace))
                .mapToLong(Entry::size)
                .sum();
    }

    @Override
    public long makeRoom(Namespace namespace, long bytes) {
        return 0;
    }

    @Override
    public Optional<Content> look(OutputId output) throws TierException {
        return find(output);
    }

    @Override
    public List<Entry> entries(ActionId action) throws TierException {
        failReads();
        return actions.values().stream().filter(entry -> entry.action().equals(action)).toList();
    }

    @Override
    public List<Entry> entries(OutputId output, int max) throws TierException {
        failReads();
        return first(max, entry -> entry.output().equals(output));
    }

    @Override
    public List<Entry> written(WrittenBy query, int max) throws TierException {
        failReads();
        return first(max, query::matches);
    }

    private List<Entry> first(int max, Predicate<Entry> wanted) {
        List<Entry> found = actions.values().stream().filter(wanted).limit(max).toList();
        largestList = Math.max(largestList, found.size());
        return found;
    }

    public InMemoryPendingUploads uploads() {
        return uploads;
    }

    @Override
    public Removed remove(ActionKey action) throws TierException {
        failWrites();
        uploads.forget(action);
        Entry entry = actions.remove(action);
        if (entry == null) {
            return new Removed(List.of(), List.of());
        }
        boolean shared =
                actions.values().stream().anyMatch(other -> other.output().equals(entry.output()));
        if (!shared) {
            objects.remove(entry.output());
        }
        return new Removed(List.of(action), shared ? List.of() : List.of(entry.output()));
    }

    @Override
    public Removed remove(OutputId output) throws TierException {
        failWrites();
        List<ActionKey> leading =
                actions.values().stream()
                        .filter(entry -> entry.output().equals(output))
                        .map(Entry::key)
                        .toList();
        leading.forEach(actions::remove);
        leading.forEach(uploads::forget);
        return new Removed(leading, objects.remove(output) == null ? List.of() : List.of(output));
    }

    public StoreReport.Usage usage() {
        long bytes = objects.values().stream().mapToLong(Content::size).sum();
        long stored = objects.values().stream().mapToLong(Content::storedSize).sum();
        return new StoreReport.Usage(actions.size(), objects.size(), bytes, stored);
    }

    @Override
    public void reportDamaged(OutputId output, StoreReport.FoundBy by) {
        damaged.add(by + " " + output);
    }

    @Override
    public Page actions(Namespace namespace, @Nullable String after) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void check() {}

    /** Stores other bytes than those that belong there. */
    public void damage(OutputId output, byte[] stored, Coding storedAs, long size) {
        objects.put(output, new Content.InMemory(stored, storedAs, size));
    }

    /** Loses an object. */
    public void lose(OutputId output) {
        objects.remove(output);
    }

    private Content content(byte[] bytes) {
        return switch (coding) {
            case IDENTITY -> new Content.InMemory(bytes);
            case ZSTD -> new Content.InMemory(Zstd.compress(bytes), Coding.ZSTD, bytes.length);
        };
    }

    private void put(Entry entry, boolean upload) {
        actions.put(entry.key(), entry);
        if (upload) {
            uploads.add(entry);
        } else {
            uploads.forget(entry.key());
        }
    }

    private void failReads() throws TierException {
        beforeReads.run();
        if (readsFail) {
            throw new TierException.LocalRead("input/output error", null);
        }
    }

    private void failWrites() throws TierException {
        if (writesFail) {
            throw new TierException.LocalWrite("no space left", null);
        }
    }
}
