package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.operations.metrics.RequestTimers.Timing;

import java.io.InputStream;
import java.util.Optional;

/** Times every request to a cache, by operation, outcome and the tier that answered. */
final class MeteredCache implements BuildCache {

    private final BuildCache cache;
    private final RequestTimers timers;

    MeteredCache(BuildCache cache, RequestTimers timers) {
        this.cache = cache;
        this.timers = timers;
    }

    @Override
    public Lookup get(Access access, ActionId action) throws TierException {
        try (Timing timing = timers.start("get")) {
            Lookup lookup = cache.get(access, action);
            note(lookup, timing);
            return lookup;
        }
    }

    /** A lookup that needs the remote tier is not counted yet. */
    @Override
    public Optional<Lookup> getAtOnce(Access access, ActionId action) throws TierException {
        Timing timing = timers.start("get");
        Optional<Lookup> lookup;
        try {
            lookup = cache.getAtOnce(access, action);
        } catch (TierException | RuntimeException e) {
            timing.close();
            throw e;
        }
        if (lookup.isPresent()) {
            note(lookup.get(), timing);
            timing.close();
        }
        return lookup;
    }

    @Override
    public boolean has(Access access, ActionId action) throws TierException {
        return cache.has(access, action);
    }

    @Override
    public Optional<Boolean> hasAtOnce(Access access, ActionId action) throws TierException {
        return cache.hasAtOnce(access, action);
    }

    private static void note(Lookup lookup, Timing timing) {
        switch (lookup) {
            case Lookup.Hit hit -> {
                timing.outcome("hit");
                timing.tier(hit.tier());
            }
            case Lookup.Miss miss -> timing.outcome("miss");
        }
    }

    @Override
    public Optional<Content> find(Access access, OutputId output) throws TierException {
        try (Timing timing = timers.start("find")) {
            Optional<Content> found = cache.find(access, output);
            timing.outcome(found.isPresent() ? "hit" : "miss");
            return found;
        }
    }

    @Override
    public void put(Access access, ActionId action, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        try (Timing timing = timers.start("put")) {
            cache.put(access, action, output, size, body);
            timing.outcome("stored");
        }
    }

    @Override
    public void putObject(Access access, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        try (Timing timing = timers.start("put-object")) {
            cache.putObject(access, output, size, body);
            timing.outcome("stored");
        }
    }

    @Override
    public boolean putAction(Access access, ActionId action, OutputId output) throws TierException {
        try (Timing timing = timers.start("put-action")) {
            boolean stored = cache.putAction(access, action, output);
            timing.outcome(stored ? "stored" : "object-missing");
            return stored;
        }
    }
}
