package io.gocacheserver.adapter.remote.prefetch;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.http.BytesBody;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.Prefetched;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.adapter.remote.object.BulkReceiver;
import io.gocacheserver.adapter.remote.object.ObjectFrames;
import io.gocacheserver.adapter.remote.object.ObjectStore;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Takes the objects that a build is likely to use before the Go command asks for them: says once what is built and what is here
 * ({@link BuildRequests}), and stores what the service sends, in the order of use.
 *
 * <p>It ends with the answer, when the byte or the time budget is used up, when the service fails, or with its session. It is a
 * matter of speed alone: an error is no failure that a user need know, and none that keeps Gets from being asked.
 */
public final class Prefetch implements BulkReceiver {

    /** An object at most so many places ahead of the one that is being read is always worth waiting for. */
    private static final int NEAR = 4;

    private final ServiceAccess service;
    private final NativeCache disk;
    private final Gate gate;
    private final InFlightObjects inFlight;
    private final PrefetchSettings settings;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final ObjectFrames frames;

    /** Actions that the service does not have. */
    private final Set<ActionId> absent = new HashSet<>();

    private List<ActionId> actions = List.of();

    /** One for each action; null if another session brings it or has done so. */
    private final List<@Nullable InFlightObject> announced = new ArrayList<>();

    private boolean begun;
    private boolean running;
    private volatile boolean ended;
    private @Nullable String profileKey;
    private int objects;
    private long bytes;
    private int requests;

    private volatile int position;
    private volatile long firstAt;
    private volatile long lastAt;

    /**
     * @param gate of Gets, which tells whether the service is there
     * @param executor runs one task
     * @param storing stores small objects
     */
    public Prefetch(
            ServiceAccess service,
            NativeCache disk,
            ObjectStore store,
            Gate gate,
            InFlightObjects inFlight,
            PrefetchSettings settings,
            Executor executor,
            Executor storing,
            LongSupplier nanoTime) {
        this.service = service;
        this.disk = disk;
        this.gate = gate;
        this.inFlight = inFlight;
        this.settings = settings;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.frames = new ObjectFrames(service, store, this, settings.maxBytes(), storing);
    }

    /** Begins, unless it has begun or is not wanted. Returns at once. */
    public void begin() {
        synchronized (this) {
            if (begun || ended || !settings.wanted()) {
                return;
            }
            begun = true;
            running = true;
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            over();
        }
    }

    private void run() {
        try {
            String facts = settings.build().facts();
            if (facts != null && !ended && !service.is(Trait.NO_PROFILES) && gate.isPassable()) {
                ask(BuildRequests.start(facts, disk.filter()));
            }
        } catch (IOException | RuntimeException e) {
            return;
        } finally {
            over();
        }
    }

    private void ask(byte[] body) throws IOException {
        HttpRequest request =
                HttpRequest.post(
                        WirePaths.PREFETCH + "?max-bytes=" + settings.maxBytes(),
                        service.startHeaders(),
                        new BytesBody(body));
        Duration patience = service.client.requestTimeout();
        synchronized (this) {
            requests++;
        }
        try (HttpResponse response = service.client.send(request, patience, settings.timeout())) {
            if (response.status() != Status.OK) {
                BuildRequests.learn(service, response);
                return;
            }
            synchronized (this) {
                profileKey = response.header(WireHeaders.PROFILE_KEY);
            }
            frames.receive(response);
        }
    }

    private void over() {
        for (int i = frames.received(); i < announced.size(); i++) {
            outcome(i, null);
        }
        synchronized (this) {
            running = false;
            notifyAll();
        }
    }

    /** Waits until all that is wanted has come, or no more will. */
    public synchronized void awaitEnd() throws InterruptedException {
        while (running) {
            wait();
        }
    }

    /** Whether it has begun, so that it may have fetched something. */
    public synchronized boolean hasBegun() {
        return begun;
    }

    /** Whether the service has said in this session that it does not have the action. */
    public synchronized boolean isAbsent(ActionId action) {
        return absent.contains(action);
    }

    /** Ends it; what has not come by now is given up. */
    public void end() {
        ended = true;
        frames.end();
    }

    /** The objects that have come. */
    public synchronized Prefetched report() {
        return new Prefetched(profileKey, objects, bytes, frames.transferred(), requests);
    }

    @Override
    public void listed(List<ActionId> list) {
        actions = list;
        for (int i = 0; i < list.size(); i++) {
            InFlightObject object = new InFlightObject(this, i);
            announced.add(inFlight.announce(list.get(i), object) ? object : null);
        }
        progressed(0);
    }

    /** A Get may have lost patience and fetched it. */
    @Override
    public boolean begins(int index) {
        progressed(index);
        return announced.get(index) != null && !disk.knows(actions.get(index));
    }

    @Override
    public void came(int count) {
        lastAt = nanoTime.getAsLong();
    }

    @Override
    public void came(int index, FetchResult result) {
        progressed(index + 1);
        synchronized (this) {
            if (result instanceof FetchResult.Hit(CachedObject object, _)) {
                objects++;
                bytes += object.size();
            } else if (result instanceof FetchResult.Miss) {
                absent.add(actions.get(index));
            }
        }
        boolean isKnown = result instanceof FetchResult.Hit || result instanceof FetchResult.Miss;
        outcome(index, isKnown ? result : null);
    }

    @Override
    public void leftOut(int index) {
        progressed(index + 1);
        outcome(index, null);
    }

    private void outcome(int index, @Nullable FetchResult result) {
        InFlightObject object = announced.get(index);
        if (object != null) {
            inFlight.came(actions.get(index), object, result, true);
        }
    }

    private synchronized void progressed(int reached) {
        long now = nanoTime.getAsLong();
        if (firstAt == 0) {
            firstAt = now;
        }
        position = Math.max(position, reached);
        lastAt = now;
    }

    /**
     * Whether an object is likely to come no later than if it were asked for now.
     *
     * @param index its place in the list
     * @param since when the wait for it began
     * @param patience how long the answer to a single Get takes
     */
    boolean isComing(int index, long since, long patience) {
        long now = nanoTime.getAsLong();
        int reached = position;
        if (now - lastAt > 2 * patience && now - since > patience) {
            return false;
        }
        int distance = index - reached;
        if (distance <= NEAR) {
            return true;
        }
        long perObject = reached == 0 ? 0 : (now - firstAt) / reached;
        return distance * perObject <= patience;
    }
}
