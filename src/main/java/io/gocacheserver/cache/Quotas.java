package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.NamespaceSpace;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.Namespace;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What namespaces may have on this replica's disk: what their actions have produced, what was sent without an action, their
 * files of modules, and what Puts under way announce. A Put that would exceed it has the least recently used of that
 * namespace removed, a tenth of the quota at a time; if that does not make room, it is refused.
 */
public final class Quotas {

    private final NamespaceSpace space;
    private final List<QuotaProperties> quotas;
    private final Map<Namespace, Long> announced = new ConcurrentHashMap<>();

    public interface Announced extends AutoCloseable {
        @Override
        void close();
    }

    public Quotas(NamespaceSpace space, List<QuotaProperties> quotas) {
        this.space = space;
        this.quotas = List.copyOf(quotas);
    }

    public Announced announce(Namespace namespace, long size) throws TierException {
        Namespace owner = namespace.owner();
        announced.merge(owner, size, Long::sum);
        Announced end =
                () -> {
                    announced.merge(owner, -size, Long::sum);
                    announced.remove(owner, 0L);
                };
        try {
            requireRoom(owner);
            return end;
        } catch (TierException | RuntimeException e) {
            end.close();
            throw e;
        }
    }

    private void requireRoom(Namespace namespace) throws TierException {
        Optional<QuotaProperties> quota =
                quotas.stream().filter(each -> each.isFor(namespace)).findFirst();
        if (quota.isEmpty()) {
            return;
        }
        long limit = quota.get().size().bytes();
        long coming = announced.getOrDefault(namespace, 0L);
        long over = space.bytes(namespace) + space.bytes(namespace.modules()) + coming - limit;
        if (over <= 0) {
            return;
        }
        long freed = coming > limit ? 0 : makeRoom(namespace, Math.max(over, limit / 10));
        if (freed < over) {
            throw new QuotaExceededException(
                    "namespace %s may have %d bytes (cache-server.quotas)"
                            .formatted(namespace, limit));
        }
    }

    /** Of modules last, since their upstreams may be gone. */
    private long makeRoom(Namespace namespace, long bytes) throws TierException {
        long freed = space.makeRoom(namespace, bytes);
        return freed < bytes ? freed + space.makeRoom(namespace.modules(), bytes - freed) : freed;
    }
}
