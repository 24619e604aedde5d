package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Times every request to a cache, by operation, outcome and the tier that answered: {@code gocache.requests}. */
final class MeteredCache implements BuildCache {

    private final BuildCache cache;
    private final MeterRegistry registry;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    MeteredCache(BuildCache cache, MeterRegistry registry) {
        this.cache = cache;
        this.registry = registry;
    }

    private record Key(String operation, String outcome, String tier) {}

    private final class Timing implements AutoCloseable {

        private final String operation;
        private final long start = System.nanoTime();
        private String outcome = "error";
        private String tier = "none";

        Timing(String operation) {
            this.operation = operation;
        }

        Lookup noted(Lookup lookup) {
            outcome = lookup instanceof Lookup.Hit ? "hit" : "miss";
            tier = lookup instanceof Lookup.Hit hit ? hit.tier() : tier;
            return lookup;
        }

        @Override
        public void close() {
            timers.computeIfAbsent(new Key(operation, outcome, tier), MeteredCache.this::timer)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private Timer timer(Key key) {
        return Timer.builder("gocache.requests")
                .description("Requests to the cache, by operation, outcome and tier that answered")
                .tags("operation", key.operation(), "outcome", key.outcome(), "tier", key.tier())
                .register(registry);
    }

    @Override
    public Lookup get(Access access, ActionId action) throws TierException {
        try (Timing timing = new Timing("get")) {
            return timing.noted(cache.get(access, action));
        }
    }

    /** A lookup that needs the remote tier is not counted yet. */
    @Override
    public Optional<Lookup> getAtOnce(Access access, ActionId action) throws TierException {
        Timing timing = new Timing("get");
        boolean ended = true;
        try {
            Optional<Lookup> lookup = cache.getAtOnce(access, action).map(timing::noted);
            ended = lookup.isPresent();
            return lookup;
        } finally {
            if (ended) {
                timing.close();
            }
        }
    }

    @Override
    public boolean has(Access access, ActionId action) throws TierException {
        return cache.has(access, action);
    }

    @Override
    public Optional<Boolean> hasAtOnce(Access access, ActionId action) throws TierException {
        return cache.hasAtOnce(access, action);
    }

    @Override
    public Optional<Content> find(Access access, OutputId output) throws TierException {
        try (Timing timing = new Timing("find")) {
            Optional<Content> found = cache.find(access, output);
            timing.outcome = found.isPresent() ? "hit" : "miss";
            return found;
        }
    }

    @Override
    public void put(Access access, ActionId action, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        try (Timing timing = new Timing("put")) {
            cache.put(access, action, output, size, body);
            timing.outcome = "stored";
        }
    }

    @Override
    public void putObject(Access access, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        try (Timing timing = new Timing("put-object")) {
            cache.putObject(access, output, size, body);
            timing.outcome = "stored";
        }
    }

    @Override
    public boolean putAction(Access access, ActionId action, OutputId output) throws TierException {
        try (Timing timing = new Timing("put-action")) {
            boolean stored = cache.putAction(access, action, output);
            timing.outcome = stored ? "stored" : "object-missing";
            return stored;
        }
    }
}
