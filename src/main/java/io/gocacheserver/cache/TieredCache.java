package io.gocacheserver.cache;

import static io.gocacheserver.cache.CacheCounter.GET_FAULT_HIT;
import static io.gocacheserver.cache.CacheCounter.GET_FAULT_MISS;
import static io.gocacheserver.cache.CacheCounter.GET_LOCAL_HIT;
import static io.gocacheserver.cache.CacheCounter.PUT_SKIP_SMALL;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.Lookup.Hit;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A local tier before a remote one, with the semantics of go-cache-plugin's {@code S3Cache}.
 *
 * <p><b>Get.</b> The local tier answers if it can. Otherwise the remote tier is read: a missing action is a miss; an action
 * whose object cannot be read is an error, not a miss; a found object is faulted into the local tier under the time that was
 * recorded for it. Concurrent Gets of one action share one remote read. A local tier that cannot be read is treated as one
 * that does not have the action ({@link LocalReads}); one that cannot be written is passed by ({@link FaultIn}).
 *
 * <p><b>Put.</b> It needs room within the namespace's quota, if that has one ({@link Quotas}). The body is streamed once: to
 * the local tier, through SHA-256. If the local tier fails, so does the Put, and nothing is uploaded. An object smaller than
 * the minimum is not uploaded; any other becomes one of the local tier's pending uploads in the same step, which does not
 * hold up the Put.
 *
 * <p><b>Namespaces.</b> A tier is asked for an action in each of the namespaces that the request may read, in their order,
 * before the next tier is: what the local tier has in a later one beats what only the remote tier has in an earlier one. An
 * entry that is faulted in belongs to the namespace in which it was found.
 *
 * <p>Every object that enters the local tier, from a client or from the remote tier, has been verified to be of the announced
 * length and to hash to its output ID.
 *
 * <p>A remote tier that does not answer holds up only requests that need it ({@link RemoteReads}).
 *
 * <p>Without a remote tier, an action that the local tier does not have is a miss.
 */
public final class TieredCache implements BuildCache {

    /** Half of the threads that the web server has, so that the other half answers from the local tier. */
    private static final int REMOTE_READS = 100;

    private static final Logger log = LoggerFactory.getLogger(TieredCache.class);

    private final LocalTier local;
    private final LocalReads reads;
    private final @Nullable Remote remote;
    private final CacheCounters counters;
    private final Consumer<ActionKey> added;
    private final InstantSource clock;
    private final Quotas quotas;
    private final @Nullable FaultIn faults;
    private final RemoteReads remoteReads = new RemoteReads(REMOTE_READS, System::nanoTime);

    /**
     * The remote tier and its upload queue.
     *
     * @param minUploadSize objects of fewer bytes are not uploaded; 0 uploads all
     */
    public record Remote(RemoteTier tier, UploadQueue uploads, long minUploadSize) {}

    private interface Query<T> {
        T ask(ActionKey key) throws TierException;
    }

    /**
     * @param added told of each action that the cache has from now on, or turns out to have
     */
    public TieredCache(
            LocalTier local,
            @Nullable Remote remote,
            CacheCounters counters,
            Consumer<ActionKey> added,
            InstantSource clock,
            Quotas quotas) {
        RateLimitedLog failures = new RateLimitedLog(log, System::nanoTime);
        this.local = local;
        this.reads = new LocalReads(local, remote != null, failures);
        this.quotas = quotas;
        this.remote = remote;
        this.counters = counters;
        this.added = added;
        this.clock = clock;
        this.faults = remote == null ? null : new FaultIn(reads, remote.tier(), clock);
    }

    @Override
    public Lookup get(Access access, ActionId action) throws TierException {
        return counted(
                () -> {
                    Optional<Lookup> local = getLocally(access, action);
                    FaultIn from = faults;
                    if (local.isPresent() || from == null) {
                        return local.orElse(Lookup.miss());
                    }
                    Lookup lookup = remoteReads.run(() -> first(access, action, from::get));
                    counters.increment(lookup instanceof Hit ? GET_FAULT_HIT : GET_FAULT_MISS);
                    if (lookup instanceof Hit hit) {
                        added.accept(hit.entry().key());
                    }
                    return lookup;
                });
    }

    @Override
    public Optional<Lookup> getAtOnce(Access access, ActionId action) throws TierException {
        return counted(() -> getLocally(access, action));
    }

    /** What the local tier says, if nothing else is to be asked. */
    private Optional<Lookup> getLocally(Access access, ActionId action) throws TierException {
        Lookup lookup = first(access, action, reads::get);
        boolean hit = lookup instanceof Hit;
        if (!hit && faults != null) {
            return Optional.empty();
        }
        counters.increment(hit ? GET_LOCAL_HIT : GET_FAULT_MISS);
        return Optional.of(lookup);
    }

    @Override
    public boolean has(Access access, ActionId action) throws TierException {
        Optional<Boolean> local = hasAtOnce(access, action);
        Remote asked = remote;
        return (local.isPresent() || asked == null)
                ? local.orElse(false)
                : remoteReads.run(() -> anyHas(asked.tier()::has, access, action));
    }

    @Override
    public Optional<Boolean> hasAtOnce(Access access, ActionId action) throws TierException {
        boolean found = anyHas(reads::has, access, action);
        return (found || remote == null) ? Optional.of(found) : Optional.empty();
    }

    @Override
    public Optional<Content> find(Access access, OutputId output) throws TierException {
        if (!access.anyObject() && !reads.isKnown(output, access.reads(), access.writes())) {
            return Optional.empty();
        }
        Optional<Content> found = reads.find(output);
        FaultIn from = faults;
        if (found.isPresent() || from == null) {
            return found;
        }
        return remoteReads.run(() -> from.find(output));
    }

    @Override
    public void put(Access access, ActionId action, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        ActionKey key = new ActionKey(access.requireWrites(), action);
        Entry entry = new Entry(key, output, size, clock.instant(), access.by());
        try (Quotas.Claim claim = quotas.claim(key.namespace(), size)) {
            boolean upload = isToBeUploaded(entry);
            InputStream verified = new VerifiedStream(body, output, size);
            local.put(entry, claim.counted(verified, size), upload);
            stored(entry, upload);
        }
    }

    @Override
    public void putObject(Access access, OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        Namespace sender = access.requireWrites();
        try (Quotas.Claim claim = quotas.claim(sender, size)) {
            InputStream verified = new VerifiedStream(body, output, size);
            local.putObject(output, size, claim.counted(verified, size), sender);
        }
    }

    @Override
    public boolean putAction(Access access, ActionId action, OutputId output) throws TierException {
        ActionKey key = new ActionKey(access.requireWrites(), action);
        quotas.settle(key.namespace());
        Optional<Content> content = find(access, output);
        if (content.isEmpty()) {
            return false;
        }
        content.get().discard();
        Entry entry = new Entry(key, output, content.get().size(), clock.instant(), access.by());
        boolean upload = isToBeUploaded(entry);
        boolean stored = local.putAction(entry, upload);
        if (stored) {
            stored(entry, upload);
        }
        return stored;
    }

    /** Counts a Get that fails; one that does not is counted where its outcome is known. */
    private <V> V counted(Tier.Call<V> get) throws TierException {
        try {
            return get.run();
        } catch (TierException | RuntimeException e) {
            counters.getFailed();
            throw e;
        }
    }

    /** Of the namespaces that the request may read, the first that has the action. */
    private static Lookup first(Access access, ActionId action, Query<Lookup> query)
            throws TierException {
        for (Namespace namespace : access.reads()) {
            if (query.ask(new ActionKey(namespace, action)) instanceof Hit hit) {
                return hit;
            }
        }
        return Lookup.miss();
    }

    private boolean anyHas(Query<Boolean> query, Access access, ActionId action)
            throws TierException {
        for (Namespace namespace : access.reads()) {
            ActionKey key = new ActionKey(namespace, action);
            if (query.ask(key)) {
                added.accept(key);
                return true;
            }
        }
        return false;
    }

    private boolean isToBeUploaded(Entry entry) {
        return remote != null && !isSmall(entry) && remote.uploads().admit(entry);
    }

    private boolean isSmall(Entry entry) {
        return remote != null && entry.size() < remote.minUploadSize();
    }

    private void stored(Entry entry, boolean upload) {
        added.accept(entry.key());
        if (isSmall(entry)) {
            counters.increment(PUT_SKIP_SMALL);
        }
        if (upload && remote != null) {
            remote.uploads().wake();
        }
    }

    /**
     * Reads the local tier.
     *
     * @param lenient whether what it cannot read it does not have, so that a remote tier is asked
     */
    record LocalReads(LocalTier tier, boolean lenient, RateLimitedLog failures) {

        Lookup get(ActionKey action) throws TierException {
            return read(() -> tier.get(action), Lookup.miss());
        }

        boolean has(ActionKey action) throws TierException {
            return read(() -> tier.has(action), false);
        }

        Optional<Content> find(OutputId output) throws TierException {
            return read(() -> tier.find(output), Optional.empty());
        }

        boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender)
                throws TierException {
            return read(() -> tier.isKnown(output, readers, sender), false);
        }

        private <T> T read(Tier.Call<T> call, T absent) throws TierException {
            try {
                return call.run();
            } catch (TierException e) {
                if (!lenient) {
                    throw e;
                }
                failures.warn(e.getMessage() + "; treated as absent, so S3 is asked");
                return absent;
            }
        }
    }
}
