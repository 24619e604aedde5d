package io.gocacheserver.cache;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A local tier in two maps, which can be told to fail. */
final class InMemoryLocalTier implements LocalTier {

    private final Map<ActionId, Entry> actions = new ConcurrentHashMap<>();
    private final Map<OutputId, byte[]> objects = new ConcurrentHashMap<>();
    volatile boolean readsFail;
    volatile boolean writesFail;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Lookup get(ActionId action) throws TierException {
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
        return Optional.ofNullable(objects.get(output)).map(Content.InMemory::new);
    }

    @Override
    public Content put(Entry entry, InputStream body) throws ObjectSourceException, TierException {
        Content content = putObject(entry.output(), entry.size(), body);
        actions.put(entry.action(), entry);
        return content;
    }

    @Override
    public Content putObject(OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        if (writesFail) {
            throw new TierException.LocalWrite("no space left", null);
        }
        try {
            byte[] bytes = body.readAllBytes();
            objects.put(output, bytes);
            return new Content.InMemory(bytes);
        } catch (ObjectSourceException e) {
            throw e;
        } catch (IOException e) {
            throw new TierException.LocalWrite("write", e);
        }
    }

    @Override
    public boolean putAction(Entry entry) throws TierException {
        if (writesFail) {
            throw new TierException.LocalWrite("no space left", null);
        }
        boolean known = objects.containsKey(entry.output());
        if (known) {
            actions.put(entry.action(), entry);
        }
        return known;
    }

    @Override
    public Usage usage() {
        long bytes = objects.values().stream().mapToLong(object -> object.length).sum();
        return new Usage(actions.size(), objects.size(), bytes);
    }

    @Override
    public void check() {}

    private void failReads() throws TierException {
        if (readsFail) {
            throw new TierException.LocalRead("input/output error", null);
        }
    }
}
