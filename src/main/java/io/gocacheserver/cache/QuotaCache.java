package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.io.InputStream;
import java.util.Optional;

/** A cache whose namespaces have {@link Quotas}. */
public final class QuotaCache implements BuildCache {

    private final BuildCache cache;
    private final Quotas quotas;

    public QuotaCache(BuildCache cache, Quotas quotas) {
        this.cache = cache;
        this.quotas = quotas;
    }

    @Override
    public Lookup get(Access access, ActionId action) throws TierException {
        return cache.get(access, action);
    }

    @Override
    public Optional<Lookup> getAtOnce(Access access, ActionId action) throws TierException {
        return cache.getAtOnce(access, action);
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
        return cache.find(access, output);
    }

    @Override
    public void put(Access access, ActionId action, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        try (var _ = quotas.announce(access.requireWrites(), size)) {
            cache.put(access, action, output, size, body);
        }
    }

    @Override
    public void putObject(Access access, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        try (var _ = quotas.announce(access.requireWrites(), size)) {
            cache.putObject(access, output, size, body);
        }
    }

    @Override
    public boolean putAction(Access access, ActionId action, OutputId output) throws TierException {
        try (var _ = quotas.announce(access.requireWrites(), 0)) {
            return cache.putAction(access, action, output);
        }
    }
}
