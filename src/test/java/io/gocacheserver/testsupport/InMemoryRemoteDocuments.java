package io.gocacheserver.testsupport;

import io.gocacheserver.cache.tier.RemoteDocuments;
import io.gocacheserver.cache.tier.TierException;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Documents in memory, whose tier counts what it is asked, and can be told to fail, to wait and to be beaten to it. */
public final class InMemoryRemoteDocuments implements RemoteDocuments {

    public final AtomicInteger reads = new AtomicInteger();

    /** Those of the reads that found nothing newer. */
    public final AtomicInteger unchanged = new AtomicInteger();

    public final AtomicInteger writes = new AtomicInteger();

    /** Writes that somebody else will be before. */
    public final AtomicInteger conflicts = new AtomicInteger();

    public final AtomicInteger underWay = new AtomicInteger();
    public final AtomicInteger mostUnderWay = new AtomicInteger();
    public volatile CountDownLatch gate = new CountDownLatch(0);
    public volatile boolean fails;
    public volatile boolean writesFail;

    private final Map<String, Read.Found> documents = new ConcurrentHashMap<>();
    private final AtomicInteger versions = new AtomicInteger();

    /** As another replica would. */
    public void put(String name, byte[] document) {
        documents.put(name, new Read.Found(document, "v" + versions.incrementAndGet()));
    }

    public byte[] get(String name) {
        Read.Found found = documents.get(name);
        return found == null ? new byte[0] : found.document();
    }

    @Override
    public Read read(String name, @Nullable String known, int maxBytes) throws TierException {
        reads.incrementAndGet();
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.decrementAndGet();
        }
        if (fails) {
            throw failure("read " + name);
        }
        Read.Found found = documents.get(name);
        if (found == null) {
            return new Read.Absent();
        }
        if (found.version().equals(known)) {
            unchanged.incrementAndGet();
            return new Read.Unchanged();
        }
        return new Read.Found(
                Arrays.copyOf(found.document(), found.document().length), found.version());
    }

    @Override
    public @Nullable String write(String name, byte[] document, @Nullable String replaced)
            throws TierException {
        writes.incrementAndGet();
        if (fails || writesFail) {
            throw failure("write " + name);
        }
        if (conflicts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return null;
        }
        String version = "v" + versions.incrementAndGet();
        Read.Found written =
                documents.compute(
                        name,
                        (key, now) ->
                                Objects.equals(replaced, now == null ? null : now.version())
                                        ? new Read.Found(document, version)
                                        : now);
        return written != null && written.version().equals(version) ? version : null;
    }

    private static TierException failure(String what) {
        return new TierException.Remote(
                TierException.Remote.Kind.UNAVAILABLE, what + ": connection refused", null);
    }
}
