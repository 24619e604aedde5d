package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Lets concurrent calls for the same key share one execution: the first one does the work, the others wait for it. */
public final class SingleFlight<K, V> {

    private final Map<K, CompletableFuture<V>> running = new ConcurrentHashMap<>();

    public V run(K key, Tier.Call<V> call) throws TierException {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> theirs = running.putIfAbsent(key, mine);
        if (theirs != null) {
            return await(key, theirs);
        }
        try {
            V value = call.run();
            mine.complete(value);
            return value;
        } catch (Throwable e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            running.remove(key, mine);
        }
    }

    private V await(K key, CompletableFuture<V> theirs) throws TierException {
        try {
            return theirs.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TierException failure) {
                throw failure;
            }
            throw new IllegalStateException("reading %s failed".formatted(key), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + key, e);
        }
    }
}
