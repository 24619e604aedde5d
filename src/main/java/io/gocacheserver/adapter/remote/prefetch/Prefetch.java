package io.gocacheserver.adapter.remote.prefetch;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.Prefetched;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.adapter.remote.object.ObjectStore;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Fetches the objects that the last build of this kind used, before the Go command asks for them, in the order of use.
 *
 * <p>A few streams share the list. At first each takes every fourth action (of four streams), so that what is used first
 * comes first, over all connections; after that each takes a share of what is left, ever smaller, so that they end
 * together. An action that no stream has asked for yet can still be claimed by a Get, which fetches it by itself.
 *
 * <p>It ends when the list does, when the byte or the time budget is used up, when the service fails, or with its session.
 */
public final class Prefetch {

    private static final int LEAST_CHUNK = 16;
    private static final int MOST_CHUNK = 256;

    private final ServiceAccess service;
    private final NativeCache disk;
    private final ObjectStore store;
    private final Gate gate;
    private final InFlightObjects inFlight;
    private final PrefetchSettings ahead;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final List<PrefetchStream> streams = new ArrayList<>();

    /** Actions that the service does not have. */
    private final Set<ActionId> absent = new HashSet<>();

    private List<@Nullable ActionId> queue = List.of();
    private final Set<ActionId> claimable = new HashSet<>();
    private int position;
    private int dealt;
    private boolean loaded;
    private boolean begun;
    private boolean ended;
    private long endsAt;
    private int running;
    private long bytesLeft;
    private long bytesAskedFor;
    private @Nullable String profileKey;
    private int objects;
    private long bytes;
    private long transferred;
    private int roundTrips;

    /**
     * @param gate lets requests through
     * @param executor runs one task for each stream
     */
    public Prefetch(
            ServiceAccess service,
            NativeCache disk,
            ObjectStore store,
            Gate gate,
            InFlightObjects inFlight,
            PrefetchSettings ahead,
            Executor executor,
            LongSupplier nanoTime) {
        this.service = service;
        this.disk = disk;
        this.store = store;
        this.gate = gate;
        this.inFlight = inFlight;
        this.ahead = ahead;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.bytesLeft = ahead.maxBytes();
    }

    /** Begins, unless it has begun or is not wanted. Returns at once. */
    public void begin() {
        synchronized (this) {
            if (begun || ended || !ahead.wanted() || ahead.streams() == 0) {
                return;
            }
            begun = true;
            endsAt = nanoTime.getAsLong() + ahead.timeout().toNanos();
            running = ahead.streams();
            for (int i = 0; i < ahead.streams(); i++) {
                streams.add(new PrefetchStream(this, i, service, store, gate, inFlight, nanoTime));
            }
        }
        int started = 0;
        try {
            for (PrefetchStream stream : streams) {
                executor.execute(stream);
                started++;
            }
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                running -= streams.size() - started;
            }
        }
    }

    /** A stream has nothing more to do. */
    synchronized void streamEnded() {
        running--;
        notifyAll();
    }

    /** Waits until all that is wanted has come, or no more will. */
    public synchronized void awaitStreams() throws InterruptedException {
        while (running > 0) {
            wait();
        }
    }

    /** Whether it has begun, so that it may have fetched something. */
    public synchronized boolean hasBegun() {
        return begun;
    }

    /** Takes an action out of the list, so that a Get can fetch it; false if it is not there. */
    public synchronized boolean claim(ActionId action) {
        return claimable.remove(action);
    }

    /** Whether the service has said in this session that it does not have the action. */
    public synchronized boolean isAbsent(ActionId action) {
        return absent.contains(action);
    }

    /** Ends it; what has not come by now is given up. */
    public void end() {
        synchronized (this) {
            ended = true;
            claimable.clear();
            notifyAll();
        }
        for (PrefetchStream stream : streams) {
            stream.end();
        }
    }

    /** Whether the action is on disk already. */
    boolean has(ActionId action) {
        return disk.knows(action);
    }

    /** The objects that have come. */
    public synchronized Prefetched report() {
        return new Prefetched(profileKey, objects, bytes, transferred, roundTrips);
    }

    /** The first stream loads the profile, while the others open connections. */
    void load() {
        List<@Nullable ActionId> wanted = new ArrayList<>();
        ProfileClient.Found found = null;
        try {
            found = new ProfileClient(service, gate).read(ahead.keys().read(), ahead.timeout());
        } finally {
            loaded(found, wanted);
        }
    }

    private void loaded(ProfileClient.@Nullable Found found, List<@Nullable ActionId> wanted) {
        if (found != null) {
            for (ActionId action : found.actions()) {
                if (!disk.knows(action)) {
                    wanted.add(action);
                }
            }
        }
        synchronized (this) {
            if (found != null) {
                profileKey = found.key();
                roundTrips++;
            }
            queue = wanted;
            for (ActionId action : wanted) {
                if (action != null) {
                    claimable.add(action);
                }
            }
            loaded = true;
            notifyAll();
        }
    }

    /** Waits until the profile is there. */
    synchronized void awaitProfile() throws InterruptedException {
        while (!loaded && !ended) {
            wait(ahead.timeout().toMillis() + 1);
        }
    }

    /**
     * The actions that a stream asks for next; empty if there are no more. Waits until the profile is there.
     *
     * @param stream its number
     */
    synchronized List<ActionId> next(int stream) {
        List<ActionId> chunk = new ArrayList<>();
        if (ended || bytesLeft <= 0 || timeLeft() <= 0 || service.is(Trait.NO_BULK_READS)) {
            return chunk;
        }
        int count = ahead.streams();
        if (stream >= 0 && dealt < count && dealFirst(stream, count, chunk)) {
            return chunk;
        }
        int left = queue.size() - position;
        int size = Math.clamp(left / (2 * count), LEAST_CHUNK, MOST_CHUNK);
        while (position < queue.size() && chunk.size() < size) {
            take(position++, chunk);
        }
        return chunk;
    }

    /** Every {@code count}-th of the first part of the list; whether there was any. */
    private boolean dealFirst(int stream, int count, List<ActionId> chunk) {
        int part = Math.min(queue.size(), Math.max(count * LEAST_CHUNK, queue.size() / 2));
        part = Math.min(part, count * MOST_CHUNK);
        position = Math.max(position, part);
        dealt++;
        for (int i = stream; i < part; i += count) {
            take(i, chunk);
        }
        return !chunk.isEmpty();
    }

    private void take(int index, List<ActionId> chunk) {
        ActionId action = queue.get(index);
        queue.set(index, null);
        if (action != null && claimable.remove(action)) {
            chunk.add(action);
        }
    }

    /** Bytes that a stream may ask for now: its share of what no other stream has asked for. Given back by {@link #answered}. */
    synchronized long bytesForOne() {
        long share = Math.max(1, (bytesLeft - bytesAskedFor) / ahead.streams());
        bytesAskedFor += share;
        return share;
    }

    /** A request that has asked for so many bytes is over. */
    synchronized void answered(long asked) {
        bytesAskedFor -= asked;
    }

    synchronized long timeLeft() {
        return endsAt - nanoTime.getAsLong();
    }

    Duration limit() {
        return Duration.ofNanos(Math.max(1, timeLeft()));
    }

    synchronized boolean isEnded() {
        return ended || endsAt - nanoTime.getAsLong() <= 0;
    }

    /** So many bytes of objects have come, good or bad. */
    synchronized void came(int count) {
        bytesLeft -= count;
    }

    synchronized void count(FetchResult result, ActionId action) {
        if (result instanceof FetchResult.Hit(CachedObject object, _)) {
            objects++;
            bytes += object.size();
        } else if (result instanceof FetchResult.Miss) {
            absent.add(action);
        }
    }

    synchronized void countRequest(long sent) {
        roundTrips++;
        transferred += sent;
    }
}
