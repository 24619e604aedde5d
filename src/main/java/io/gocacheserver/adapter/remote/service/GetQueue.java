package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.TimeBudget;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.adapter.remote.object.BulkFetch;
import io.gocacheserver.adapter.remote.object.BulkOutcome;
import io.gocacheserver.adapter.remote.object.BulkReceiver;
import io.gocacheserver.adapter.remote.object.ObjectFetch;
import io.gocacheserver.adapter.remote.object.ObjectStore;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The Gets of one session that go to the service. As long as few requests are under way, each Get is one of its own and
 * goes out at once. Beyond that they wait for the next request to return, and share one.
 *
 * <p>A request is made by the thread of one of its Gets, so there are no threads of its own.
 */
final class GetQueue {

    private static final int MOST_SHARED = 64;
    private static final FetchResult NOT_ASKED = new FetchResult.NotAsked();

    private final ServiceAccess service;
    private final ObjectFetch single;
    private final ObjectStore store;
    private final Gate gate;
    private final int most;
    private final AtomicInteger requests;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private int running;

    /**
     * @param most requests at once
     * @param requests counts those made
     */
    GetQueue(
            ServiceAccess service,
            ObjectFetch single,
            ObjectStore store,
            Gate gate,
            int most,
            AtomicInteger requests) {
        this.service = service;
        this.single = single;
        this.store = store;
        this.gate = gate;
        this.most = most;
        this.requests = requests;
    }

    /** One Get. */
    private static final class Waiting {

        final ActionId action;
        final TimeBudget.Wait wait;
        @Nullable FetchResult result;

        /** Whether its thread is to make the next request. */
        boolean leads;

        Waiting(ActionId action, TimeBudget.Wait wait) {
            this.action = action;
            this.wait = wait;
        }
    }

    /** Asks for an object. Blocks. */
    FetchResult fetch(ActionId action, TimeBudget.Wait wait) {
        Waiting self = new Waiting(action, wait);
        List<Waiting> batch;
        synchronized (this) {
            if (running < most) {
                running++;
                batch = List.of(self);
            } else {
                queue.add(self);
                if (!awaitTurn(self)) {
                    return self.result == null ? NOT_ASKED : self.result;
                }
                batch = nextBatch(self);
            }
        }
        try {
            send(batch);
        } finally {
            release(batch);
        }
        return self.result == null ? NOT_ASKED : self.result;
    }

    /** Waits for a result or for the turn to make a request; whether it is the latter. */
    private boolean awaitTurn(Waiting self) {
        try {
            while (self.result == null && !self.leads) {
                wait();
            }
            return self.leads;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            queue.remove(self);
            if (self.leads) {
                passOn();
            }
            return false;
        }
    }

    /** What the leader asks for: its own action and its share of what waits, without those that lead a request too. */
    private List<Waiting> nextBatch(Waiting leader) {
        int share = service.is(Trait.NO_BULK_READS) ? 1 : (queue.size() + most - 1) / most;
        int size = Math.clamp(share, 1, MOST_SHARED);
        List<Waiting> batch = new ArrayList<>(size);
        batch.add(leader);
        queue.remove(leader);
        for (Iterator<Waiting> rest = queue.iterator(); rest.hasNext() && batch.size() < size; ) {
            Waiting next = rest.next();
            if (!next.leads) {
                rest.remove();
                batch.add(next);
            }
        }
        return batch;
    }

    private synchronized void release(List<Waiting> batch) {
        for (Waiting one : batch) {
            if (one.result == null) {
                one.result = NOT_ASKED;
            }
        }
        passOn();
        notifyAll();
    }

    /** A request is over, or will not be made: the first that does not lead one yet leads the next one. */
    private void passOn() {
        for (Waiting next : queue) {
            if (!next.leads) {
                next.leads = true;
                notifyAll();
                return;
            }
        }
        running--;
    }

    private void send(List<Waiting> batch) {
        if (batch.size() > 1 && sendBulk(batch)) {
            return;
        }
        for (Waiting one : batch) {
            if (one.result == null && mayAsk(one)) {
                requests.incrementAndGet();
                complete(one, single.fetch(one.action, one.wait));
            }
        }
    }

    /** Time may have run out while it waited for its turn. */
    private boolean mayAsk(Waiting one) {
        return !one.wait.isOver() && gate.tryPass();
    }

    /** Whether that answered them all. */
    private boolean sendBulk(List<Waiting> batch) {
        Waiting leader = batch.get(0);
        if (!mayAsk(leader)) {
            return true;
        }
        List<ActionId> actions = new ArrayList<>(batch.size());
        for (Waiting one : batch) {
            actions.add(one.action);
        }
        Duration patience = leader.wait.limit();
        requests.incrementAndGet();
        BulkFetch bulk = new BulkFetch(service, store, gate, actions, new Receiver(batch));
        BulkOutcome outcome = bulk.run(Long.MAX_VALUE, patience, service.longest(patience));
        if (outcome == BulkOutcome.UNSUPPORTED) {
            return false;
        }
        String reason = bulk.failure() == null ? "it did not answer all" : bulk.failure();
        for (Waiting one : batch) {
            if (one.result == null) {
                complete(one, new FetchResult.ServiceFailed(reason));
            }
        }
        return true;
    }

    private synchronized void complete(Waiting one, FetchResult result) {
        one.result = result;
        notifyAll();
    }

    /** Gives each Get its part as soon as that has come. */
    private final class Receiver implements BulkReceiver {

        private final List<Waiting> batch;

        Receiver(List<Waiting> batch) {
            this.batch = batch;
        }

        @Override
        public boolean begins(int index) {
            return true;
        }

        @Override
        public void came(int bytes) {
            if (service.is(Trait.PROVEN)) {
                for (Waiting one : batch) {
                    one.wait.came(bytes);
                }
            }
        }

        @Override
        public void came(int index, FetchResult result) {
            complete(batch.get(index), result);
        }

        @Override
        public void leftOut(int index) {
            complete(batch.get(index), NOT_ASKED);
        }
    }
}
