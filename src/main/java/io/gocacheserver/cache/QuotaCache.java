package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.NamespaceSpace;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A cache whose namespaces have quotas. A Put that would exceed its namespace's has the least recently used of that
 * namespace removed from the local tier, a tenth of the quota at a time; if that does not make room, since uploads are
 * pending or the object is too large, it is refused. Puts at the same time may exceed a quota by what they bring.
 */
public final class QuotaCache implements BuildCache {

    private final BuildCache cache;
    private final NamespaceSpace space;
    private final List<NamespaceQuota> quotas;

    public QuotaCache(BuildCache cache, NamespaceSpace space, List<NamespaceQuota> quotas) {
        this.cache = cache;
        this.space = space;
        this.quotas = List.copyOf(quotas);
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
        requireRoom(access, size);
        cache.put(access, action, output, size, body);
    }

    @Override
    public void putObject(Access access, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        requireRoom(access, size);
        cache.putObject(access, output, size, body);
    }

    @Override
    public boolean putAction(Access access, ActionId action, OutputId output) throws TierException {
        requireRoom(access, 0);
        return cache.putAction(access, action, output);
    }

    private void requireRoom(Access access, long size) throws TierException {
        Namespace namespace = access.requireWrites();
        OptionalLong quota = NamespaceQuota.of(namespace, quotas);
        if (quota.isEmpty()) {
            return;
        }
        long limit = quota.getAsLong();
        long over = space.bytes(namespace) + size - limit;
        if (over <= 0) {
            return;
        }
        long freed = size > limit ? 0 : space.makeRoom(namespace, Math.max(over, limit / 10));
        if (freed < over) {
            throw new QuotaExceededException(
                    "namespace %s may have %d bytes (cache-server.quotas)"
                            .formatted(namespace, limit));
        }
    }
}
