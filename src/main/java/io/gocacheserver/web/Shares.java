package io.gocacheserver.web;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bound over all clients of which each has a share. A client may hold as much as is free besides: one alone half of all,
 * two a third each, n of them an (n+1)th each. So something is always left for the next client, and nothing is set aside for
 * clients that are not there (dynamic thresholds: Choudhury and Hahne, 1998). A client that holds nothing may take whatever
 * is free, so that a large request is not refused always.
 */
public final class Shares {

    private final long total;
    private final Map<String, Long> held = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long free;

    /** A part of the total, until it is closed. */
    public final class Share implements AutoCloseable {

        private final String client;
        private long amount;

        private Share(String client, long amount) {
            this.client = client;
            this.amount = amount;
        }

        /** Gives back all but this. */
        public void shrinkTo(long less) {
            lock.lock();
            try {
                if (less < amount) {
                    giveBack(client, amount - less);
                    amount = less;
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            shrinkTo(0);
        }
    }

    public Shares(long total) {
        this.total = total;
        this.free = total;
    }

    /**
     * Takes a part, which is never more than all.
     *
     * @param timeout how long it may take until there is enough
     * @return null if there is not
     */
    public @Nullable Share take(String client, long amount, Duration timeout) {
        long wanted = Math.min(amount, total);
        long left = timeout.toNanos();
        lock.lock();
        try {
            while (!mayTake(client, wanted)) {
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
            free -= wanted;
            held.merge(client, wanted, Long::sum);
            return new Share(client, wanted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** The part that no client holds. */
    public long free() {
        lock.lock();
        try {
            return free;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayTake(String client, long amount) {
        long heldByClient = held.getOrDefault(client, 0L);
        return heldByClient == 0 ? amount <= free : heldByClient + amount <= free - amount;
    }

    private void giveBack(String client, long amount) {
        free += amount;
        held.computeIfPresent(client, (name, before) -> before == amount ? null : before - amount);
        changed.signalAll();
    }
}
