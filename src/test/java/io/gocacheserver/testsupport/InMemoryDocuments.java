package io.gocacheserver.testsupport;

import io.gocacheserver.cache.tier.LocalDocuments;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Documents in memory, without bounds. */
public final class InMemoryDocuments implements LocalDocuments {

    private final Map<String, byte[]> documents = new ConcurrentHashMap<>();

    @Override
    public Optional<byte[]> read(String name) {
        return Optional.ofNullable(documents.get(name));
    }

    @Override
    public void write(String name, byte[] document) {
        documents.put(name, document);
    }

    @Override
    public long bytes() {
        return documents.values().stream().mapToLong(each -> each.length).sum();
    }
}
