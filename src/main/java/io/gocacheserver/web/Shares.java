package io.gocacheserver.web;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A bound over all clients of which each has a share. A client may hold as much as is free besides: one alone half of all,
 * two a third each, n of them an (n+1)th each. So something is always left for the next client, and nothing is set aside for
 * clients that are not there (dynamic thresholds: Choudhury and Hahne, 1998). A client that holds nothing may take whatever
 * is free, so that a large request is not refused always.
 */
public final class Shares {

    private final long total;
    private final Map<String, Long> held = new HashMap<>();
    private long free;

    public final class Share implements AutoCloseable {

        private final String client;
        private long amount;

        private Share(String client, long amount) {
            this.client = client;
            this.amount = amount;
        }

        /** Gives back all but this. */
        public void shrinkTo(long less) {
            synchronized (Shares.this) {
                if (less < amount) {
                    giveBack(client, amount - less);
                    amount = less;
                }
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

    /** Takes a part, which is never more than all; null if there is not enough within this time. */
    public synchronized @Nullable Share take(String client, long amount, Duration timeout) {
        long wanted = Math.min(amount, total);
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (!mayTake(client, wanted)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return null;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        free -= wanted;
        held.merge(client, wanted, Long::sum);
        return new Share(client, wanted);
    }

    public synchronized long free() {
        return free;
    }

    private boolean mayTake(String client, long amount) {
        long heldByClient = held.getOrDefault(client, 0L);
        return heldByClient == 0 ? amount <= free : heldByClient + amount <= free - amount;
    }

    private void giveBack(String client, long amount) {
        free += amount;
        held.computeIfPresent(client, (name, before) -> before == amount ? null : before - amount);
        notifyAll();
    }
}
