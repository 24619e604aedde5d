package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.NamespaceSpace;
import io.gocacheserver.cache.tier.ReservingStream;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.Namespace;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What namespaces may have on this replica's disk: what their actions have produced, what was sent without an action, their
 * files of modules, and the bytes that Puts in progress have received. A Put that would exceed the quota evicts the entries of
 * the namespace that were used least recently, a tenth of the quota at a time; if that does not make room, it is refused.
 */
public final class Quotas {

    private static final long NONE = Long.MAX_VALUE;

    private final NamespaceSpace space;
    private final List<QuotaProperties> quotas;
    private final Map<Namespace, Long> underWay = new ConcurrentHashMap<>();

    public Quotas(NamespaceSpace space, List<QuotaProperties> quotas) {
        this.space = space;
        this.quotas = List.copyOf(quotas);
    }

    /** What one Put takes of its namespace's quota until its object is stored: nothing at first. For one thread. */
    public final class Claim implements ReservingStream.Reservation, AutoCloseable {

        private final Namespace owner;
        private final long limit;
        private long held;

        private Claim(Namespace owner, long limit) {
            this.owner = owner;
            this.limit = limit;
        }

        /** The body, for whose bytes room is made as they come: nothing is removed for bytes that never do. */
        InputStream counted(InputStream body, long size) {
            return limit == NONE ? body : new ReservingStream(body, this, size);
        }

        @Override
        public void more(long bytes) throws IOException {
            underWay.merge(owner, bytes, Long::sum);
            held += bytes;
            try {
                requireRoom(owner, limit);
            } catch (TierException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            if (held > 0) {
                underWay.merge(owner, -held, Long::sum);
                underWay.remove(owner, 0L);
            }
        }
    }

    /**
     * @throws QuotaExceededException if the object alone is more than the namespace may have
     */
    public Claim claim(Namespace namespace, long size) {
        Namespace owner = namespace.owner();
        long limit = limit(owner);
        if (size > limit) {
            throw exceeded(owner, limit);
        }
        return new Claim(owner, limit);
    }

    /** Evicts what a namespace has above its quota, before it gets an entry for which no bytes come. */
    void settle(Namespace namespace) throws TierException {
        requireRoom(namespace.owner(), limit(namespace.owner()));
    }

    private long limit(Namespace owner) {
        return quotas.stream()
                .filter(each -> each.isFor(owner))
                .findFirst()
                .map(quota -> quota.size().bytes())
                .orElse(NONE);
    }

    private void requireRoom(Namespace namespace, long limit) throws TierException {
        if (limit == NONE) {
            return;
        }
        long coming = underWay.getOrDefault(namespace, 0L);
        long over = space.bytes(namespace) + space.bytes(namespace.modules()) + coming - limit;
        if (over <= 0) {
            return;
        }
        long freed = coming > limit ? 0 : makeRoom(namespace, Math.max(over, limit / 10));
        if (freed < over) {
            throw exceeded(namespace, limit);
        }
    }

    private static QuotaExceededException exceeded(Namespace namespace, long limit) {
        return new QuotaExceededException(
                "namespace %s may have %d bytes (cache-server.quotas)".formatted(namespace, limit));
    }

    /** Of modules last, since their upstreams may be gone. */
    private long makeRoom(Namespace namespace, long bytes) throws TierException {
        long freed = space.makeRoom(namespace, bytes);
        return freed < bytes ? freed + space.makeRoom(namespace.modules(), bytes - freed) : freed;
    }

    /** A namespace has all that it may have, and none of it can be removed at present. */
    public static final class QuotaExceededException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public QuotaExceededException(String message) {
            super(message);
        }
    }
}
