package io.gocacheserver.adapter.remote.prefetch;

import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.object.BulkFetch;
import io.gocacheserver.adapter.remote.object.BulkOutcome;
import io.gocacheserver.adapter.remote.object.BulkReceiver;
import io.gocacheserver.adapter.remote.object.ObjectStore;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** One of the bulk reads of a {@link Prefetch}, and those that follow it on the same thread. */
final class PrefetchStream implements Runnable, BulkReceiver {

    /** An object at most so many places ahead of the one that is being read is always worth waiting for. */
    private static final int NEAR = 4;

    private final Prefetch prefetch;
    private final int number;
    private final ServiceAccess service;
    private final ObjectStore store;
    private final Gate gate;
    private final InFlightObjects inFlight;
    private final LongSupplier nanoTime;

    private List<ActionId> actions = List.of();
    private List<InFlightObject> announced = List.of();
    private @Nullable BulkFetch request;

    private volatile int position;
    private volatile long askedAt;
    private volatile long firstAt;
    private volatile long lastAt;

    PrefetchStream(
            Prefetch prefetch,
            int number,
            ServiceAccess service,
            ObjectStore store,
            Gate gate,
            InFlightObjects inFlight,
            LongSupplier nanoTime) {
        this.prefetch = prefetch;
        this.number = number;
        this.service = service;
        this.store = store;
        this.gate = gate;
        this.inFlight = inFlight;
        this.nanoTime = nanoTime;
    }

    @Override
    public void run() {
        try {
            if (number == 0) {
                prefetch.load();
            } else {
                service.client.connectAhead();
                prefetch.awaitProfile();
            }
            boolean going = true;
            for (int round = 0; going; round++) {
                List<ActionId> chunk = prefetch.next(round == 0 ? number : -1);
                going = !chunk.isEmpty() && gate.tryPass() && fetch(chunk);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            prefetch.streamEnded();
        }
    }

    /** Ends the request that is under way. */
    void end() {
        BulkFetch current;
        synchronized (this) {
            current = request;
        }
        if (current != null) {
            current.end();
        }
    }

    /** Fetches these; whether to go on. */
    private boolean fetch(List<ActionId> chunk) {
        announce(chunk);
        if (actions.isEmpty()) {
            gate.answered();
            return true;
        }
        position = 0;
        askedAt = nanoTime.getAsLong();
        firstAt = 0;
        lastAt = askedAt;
        BulkFetch fetch = new BulkFetch(service, store, gate, actions, this);
        synchronized (this) {
            request = fetch;
        }
        BulkOutcome outcome = BulkOutcome.FAILED;
        if (!prefetch.isEnded()) {
            long bytes = prefetch.bytesForOne();
            outcome = fetch.run(bytes, service.client.requestTimeout(), prefetch.limit());
            prefetch.answered(bytes);
        }
        synchronized (this) {
            request = null;
        }
        for (int i = fetch.received(); i < actions.size(); i++) {
            inFlight.givenUp(actions.get(i), announced.get(i));
        }
        prefetch.countRequest(fetch.transferred());
        return outcome == BulkOutcome.COMPLETE;
    }

    private void announce(List<ActionId> chunk) {
        List<ActionId> mine = new ArrayList<>(chunk.size());
        List<InFlightObject> theirs = new ArrayList<>(chunk.size());
        for (ActionId action : chunk) {
            InFlightObject fetch = new InFlightObject(this, mine.size());
            if (inFlight.announce(action, fetch)) {
                mine.add(action);
                theirs.add(fetch);
            }
        }
        actions = mine;
        announced = theirs;
    }

    @Override
    public boolean begins(int index) {
        progressed(index);
        if (prefetch.isEnded()) {
            end();
            return false;
        }
        // A Get may have lost patience and fetched it.
        return !prefetch.has(actions.get(index));
    }

    @Override
    public void came(int bytes) {
        prefetch.came(bytes);
    }

    @Override
    public void came(int index, FetchResult result) {
        progressed(index + 1);
        ActionId action = actions.get(index);
        prefetch.count(result, action);
        if (result instanceof FetchResult.Hit || result instanceof FetchResult.Miss) {
            inFlight.came(action, announced.get(index), result, true);
        } else {
            inFlight.givenUp(action, announced.get(index));
        }
    }

    @Override
    public void leftOut(int index) {
        progressed(index + 1);
        inFlight.givenUp(actions.get(index), announced.get(index));
    }

    private void progressed(int reached) {
        long now = nanoTime.getAsLong();
        if (firstAt == 0) {
            firstAt = now;
        }
        position = reached;
        lastAt = now;
    }

    /**
     * Whether an object is likely to come no later than if it were asked for now.
     *
     * @param index its place in the request
     * @param since when the wait for it began
     * @param patience how long the answer to a single Get takes
     */
    boolean isComing(int index, long since, long patience) {
        long now = nanoTime.getAsLong();
        int reached = position;
        if (firstAt == 0) {
            // The answer to a request that went out earlier comes first.
            return now - askedAt < 2 * patience || now - since < patience / 2;
        }
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
