package io.gocacheserver.operations;

import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.Content;
import io.gocacheserver.cache.Lookup;
import io.gocacheserver.cache.ObjectSourceException;
import io.gocacheserver.cache.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.io.InputStream;
import java.util.Optional;

/** Times every request to a cache, by operation, outcome and the tier that answered. */
final class MeteredCache implements BuildCache {

    private static final String NO_TIER = "none";

    private final BuildCache cache;
    private final RequestTimers timers;

    MeteredCache(BuildCache cache, RequestTimers timers) {
        this.cache = cache;
        this.timers = timers;
    }

    @Override
    public Lookup get(ActionId action) throws TierException {
        long start = System.nanoTime();
        String outcome = "error";
        String tier = NO_TIER;
        try {
            Lookup lookup = cache.get(action);
            switch (lookup) {
                case Lookup.Hit hit -> {
                    outcome = "hit";
                    tier = hit.tier();
                }
                case Lookup.Miss miss -> outcome = "miss";
            }
            return lookup;
        } finally {
            timers.record("get", outcome, tier, System.nanoTime() - start);
        }
    }

    @Override
    public Optional<Content> find(OutputId output) throws TierException {
        long start = System.nanoTime();
        String outcome = "error";
        try {
            Optional<Content> found = cache.find(output);
            outcome = found.isPresent() ? "hit" : "miss";
            return found;
        } finally {
            timers.record("find", outcome, NO_TIER, System.nanoTime() - start);
        }
    }

    @Override
    public void put(ActionId action, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        long start = System.nanoTime();
        String outcome = "error";
        try {
            cache.put(action, output, size, body);
            outcome = "stored";
        } finally {
            timers.record("put", outcome, NO_TIER, System.nanoTime() - start);
        }
    }

    @Override
    public void putObject(OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        long start = System.nanoTime();
        String outcome = "error";
        try {
            cache.putObject(output, size, body);
            outcome = "stored";
        } finally {
            timers.record("put-object", outcome, NO_TIER, System.nanoTime() - start);
        }
    }

    @Override
    public boolean putAction(ActionId action, OutputId output) throws TierException {
        long start = System.nanoTime();
        String outcome = "error";
        try {
            boolean stored = cache.putAction(action, output);
            outcome = stored ? "stored" : "object-missing";
            return stored;
        } finally {
            timers.record("put-action", outcome, NO_TIER, System.nanoTime() - start);
        }
    }
}
