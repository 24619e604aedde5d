package io.gocacheserver.profile;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.gocacheserver.cache.SingleFlight;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.RemoteDocuments;
import io.gocacheserver.cache.tier.RemoteDocuments.Read;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.wire.BuildProfile;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps this replica's profiles and those of the remote tier together. Both ways are a merge, so whatever order the
 * replicas do it in, no build's actions are lost for long.
 *
 * <p><b>Read.</b> The remote tier is asked again some seconds after the last time, which costs a 304 if nothing has changed.
 * Concurrent reads share one request (single flight), and only so many wait for one, since a remote tier may hang: the others
 * get the replica's own profile. A remote tier that fails is not asked for the same time. A replica that knows more than the remote
 * tier, after a failed write or one that another replica has overwritten, writes again.
 *
 * <p><b>Write.</b> In the background: read, merge, write on condition that no other replica has written since, up to {@value
 * #ATTEMPTS} times. A failed write is left to the next build or read.
 */
final class SharedProfiles implements AutoCloseable {

    private static final int ATTEMPTS = 5;
    private static final int MAX_NAMES = 10_000;
    private static final int MAX_WAITING = 1000;
    private static final int READS_AT_ONCE = 8;
    private static final int WRITES_AT_ONCE = 4;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final RateLimitedLog rateLimitedLog =
            new RateLimitedLog(LoggerFactory.getLogger(SharedProfiles.class), System::nanoTime);
    private final LocalProfiles local;
    private final @Nullable RemoteDocuments remote;
    private final ProfileStatistics statistics;
    private final long recheckNanos;
    private final LongSupplier nanoTime;
    private final SingleFlight<String, Optional<BuildProfile>> reads = new SingleFlight<>();
    private final Cache<String, Known> versions =
            Caffeine.newBuilder().maximumSize(MAX_NAMES).executor(Runnable::run).build();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final Semaphore readPlaces = new Semaphore(READS_AT_ONCE);
    private final ExecutorService executor =
            Executors.newFixedThreadPool(WRITES_AT_ONCE, Thread.ofVirtual().factory());
    private volatile @Nullable Long failed;

    /** The last known version in the remote tier; null if it has none. */
    private record Known(@Nullable String version, long nanos) {}

    SharedProfiles(
            LocalProfiles local,
            @Nullable RemoteDocuments remote,
            ProfileStatistics statistics,
            Duration recheck,
            LongSupplier nanoTime) {
        this.local = local;
        this.remote = remote;
        this.statistics = statistics;
        this.recheckNanos = recheck.toNanos();
        this.nanoTime = nanoTime;
    }

    Optional<BuildProfile> read(String name) throws TierException {
        RemoteDocuments from = remote;
        Known known = versions.getIfPresent(name);
        Long last = failed;
        if (from == null
                || (known != null && isRecent(known.nanos()))
                || (last != null && isRecent(last))
                || !readPlaces.tryAcquire()) {
            return local.read(name);
        }
        try {
            return reads.run(name, () -> refresh(from, name));
        } finally {
            readPlaces.release();
        }
    }

    /** Sends what this replica has, soon. */
    void push(String name) {
        RemoteDocuments to = remote;
        if (to == null) {
            return;
        }
        if (waiting.size() >= MAX_WAITING) {
            leaveToTheNextRead(name);
        } else if (waiting.add(name)) {
            try {
                executor.execute(() -> pushNow(to, name));
            } catch (RejectedExecutionException e) {
                waiting.remove(name); // closed: another build will send it
            }
        }
    }

    /** Waits for a few seconds for what is on its way. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private Optional<BuildProfile> refresh(RemoteDocuments from, String name) throws TierException {
        try {
            Exchanged both = exchange(from, name);
            if (both.isNewThere && !both.isUnchanged) {
                push(name);
            }
            return both.profile;
        } catch (TierException e) {
            fail(e);
            Optional<BuildProfile> mine = readLocal(name);
            if (mine.isEmpty()) {
                throw e;
            }
            return mine;
        }
    }

    /** What both have together, and whether the remote tier may lack something of it, or has what it had when it was last asked. */
    private record Exchanged(
            Optional<BuildProfile> profile,
            @Nullable String version,
            boolean isNewThere,
            boolean isUnchanged) {}

    /** Gets what the remote tier has, to this replica. */
    private Exchanged exchange(RemoteDocuments from, String name) throws TierException {
        Optional<BuildProfile> mine = readLocal(name);
        Known known = mine.isPresent() ? versions.getIfPresent(name) : null;
        String version = known == null ? null : known.version();
        return switch (from.read(name, version, local.maxBytes())) {
            case Read.Unchanged unchanged -> {
                noteVersion(name, version);
                yield new Exchanged(mine, version, true, true);
            }
            case Read.Absent absent -> {
                noteVersion(name, null);
                yield new Exchanged(mine, null, mine.isPresent(), false);
            }
            case Read.Found(byte[] document, String current) -> {
                Optional<BuildProfile> theirs = local.decode(name, document);
                if (theirs.isEmpty()) {
                    noteVersion(name, null);
                    yield new Exchanged(mine, current, mine.isPresent(), false);
                }
                try {
                    BuildProfile both = local.merge(name, theirs.get());
                    noteVersion(name, current);
                    boolean isNew = !Arrays.equals(both.encoded(), document);
                    yield new Exchanged(Optional.of(both), current, isNew, false);
                } catch (TierException e) {
                    // a disk that cannot be written is no reason not to answer
                    rateLimitedLog.warn(String.valueOf(e.getMessage()));
                    BuildProfile both = local.together(mine, theirs.get());
                    yield new Exchanged(Optional.of(both), current, false, false);
                }
            }
        };
    }

    /** A disk that cannot be read is no reason not to ask the remote tier. */
    private Optional<BuildProfile> readLocal(String name) {
        try {
            return local.read(name);
        } catch (TierException e) {
            rateLimitedLog.warn(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void pushNow(RemoteDocuments to, String name) {
        waiting.remove(name);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Exchanged both = exchange(to, name);
                if (both.profile.isEmpty() || !both.isNewThere) {
                    return;
                }
                String written = to.write(name, both.profile.get().encoded(), both.version);
                if (written != null) {
                    noteVersion(name, written);
                    statistics.pushed().increment();
                    return;
                }
            }
            rateLimitedLog.warn(
                    "profile %s: not written, since other replicas write it at the same time"
                            .formatted(name));
        } catch (TierException e) {
            leaveToTheNextRead(name);
            fail(e);
        }
    }

    /** It will read the whole document rather than ask for a newer version, so find out what is missing there, and send it. */
    private void leaveToTheNextRead(String name) {
        versions.invalidate(name);
    }

    private void noteVersion(String name, @Nullable String version) {
        versions.put(name, new Known(version, nanoTime.getAsLong()));
        failed = null;
    }

    private void fail(TierException e) {
        rateLimitedLog.warn(String.valueOf(e.getMessage()));
        if (e instanceof TierException.Remote) {
            statistics.failed().increment();
            failed = nanoTime.getAsLong();
        }
    }

    private boolean isRecent(long nanos) {
        return nanoTime.getAsLong() - nanos < recheckNanos;
    }
}
