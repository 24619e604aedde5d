package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.TestObject;

import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A cache whose contents are in whatever form a test wants them. Takes nothing. */
final class FakeBuildCache implements BuildCache {

    private final Map<OutputId, Supplier<Content>> contents = new ConcurrentHashMap<>();
    private final Map<ActionId, Entry> entries = new ConcurrentHashMap<>();

    /** From now on it has this object, and its action. */
    void holds(TestObject object, Supplier<Content> content) {
        contents.put(object.output(), content);
        entries.put(
                object.action(),
                new Entry(object.action(), object.output(), object.size(), Instant.EPOCH));
    }

    /** From now on it has nothing. */
    void clear() {
        contents.clear();
        entries.clear();
    }

    @Override
    public Lookup get(Access access, ActionId action) {
        Entry entry = entries.get(action);
        return entry == null
                ? Lookup.miss()
                : new Lookup.Hit(entry, find(access, entry.output()).orElseThrow(), "fake");
    }

    @Override
    public boolean has(Access access, ActionId action) {
        return entries.containsKey(action);
    }

    @Override
    public Optional<Content> find(Access access, OutputId output) {
        return Optional.ofNullable(contents.get(output)).map(Supplier::get);
    }

    @Override
    public void put(Access access, ActionId action, OutputId output, long size, InputStream body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putObject(Access access, OutputId output, long size, InputStream body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean putAction(Access access, ActionId action, OutputId output) {
        throw new UnsupportedOperationException();
    }
}
