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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cache whose namespaces have quotas, for which counts what their actions have produced, what was sent without an action,
 * and what is announced by Puts under way. A Put that would exceed its namespace's has the least recently used of that
 * namespace removed from the local tier, a tenth of the quota at a time; if that does not make room, since uploads are
 * pending, the object is too large, or too much is under way, it is refused.
 */
public final class QuotaCache implements BuildCache {

    private final BuildCache cache;
    private final NamespaceSpace space;
    private final List<NamespaceQuota> quotas;

    /** Bytes of the Puts under way. */
    private final Map<Namespace, Long> announced = new ConcurrentHashMap<>();

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
        Namespace namespace = access.requireWrites();
        announced.merge(namespace, size, Long::sum);
        try {
            requireRoom(namespace);
            cache.put(access, action, output, size, body);
        } finally {
            arrived(namespace, size);
        }
    }

    @Override
    public void putObject(Access access, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        Namespace namespace = access.requireWrites();
        announced.merge(namespace, size, Long::sum);
        try {
            requireRoom(namespace);
            cache.putObject(access, output, size, body);
        } finally {
            arrived(namespace, size);
        }
    }

    @Override
    public boolean putAction(Access access, ActionId action, OutputId output) throws TierException {
        requireRoom(access.requireWrites());
        return cache.putAction(access, action, output);
    }

    private void arrived(Namespace namespace, long size) {
        announced.merge(namespace, -size, Long::sum);
        announced.remove(namespace, 0L);
    }

    private void requireRoom(Namespace namespace) throws TierException {
        OptionalLong quota = NamespaceQuota.of(namespace, quotas);
        if (quota.isEmpty()) {
            return;
        }
        long limit = quota.getAsLong();
        long coming = announced.getOrDefault(namespace, 0L);
        long over = space.bytes(namespace) + coming - limit;
        if (over <= 0) {
            return;
        }
        long freed = coming > limit ? 0 : space.makeRoom(namespace, Math.max(over, limit / 10));
        if (freed < over) {
            throw new QuotaExceededException(
                    "namespace %s may have %d bytes (cache-server.quotas)"
                            .formatted(namespace, limit));
        }
    }
}
