package io.gocacheserver.adapter.remote.access;

import io.gocacheserver.adapter.http.target.Timeouts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The time that one build may lose to the service: wall-clock time in which at least one Get waited that did not end as
 * a hit. A wait is taken for lost until it proves otherwise, so a Get that begins when {@code r} is left may wait for
 * {@code r}, and the sum holds. Each byte of an object takes off {@link Timeouts#NANOS_PER_BYTE}. Once used up it stays
 * so.
 */
public final class TimeBudget {

    /** Sockets time out in whole milliseconds, so a wait may end that much before its limit. */
    private static final long GRAIN_NANOS = 1_000_000L;

    private final long budgetNanos;
    private final LongSupplier nanoTime;
    private final WaitedTime lost = new WaitedTime();
    private final List<Wait> waiting = new ArrayList<>();
    private boolean usedUp;

    /**
     * @param budget zero for no limit
     * @param nanoTime as {@link System#nanoTime()}
     */
    public TimeBudget(Duration budget, LongSupplier nanoTime) {
        this.budgetNanos = budget.isZero() ? Long.MAX_VALUE / 4 : budget.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether nothing is to be waited for any more. */
    public synchronized boolean isUsedUp() {
        if (!usedUp && remaining(nanoTime.getAsLong()) < GRAIN_NANOS) {
            usedUp = true;
        }
        return usedUp;
    }

    /** A Get begins to wait. */
    public synchronized Wait begin() {
        Wait wait = new Wait(nanoTime.getAsLong());
        waiting.add(wait);
        return wait;
    }

    private long remaining(long now) {
        long longest = 0;
        for (Wait wait : waiting) {
            longest = Math.max(longest, now - wait.doubtfulSince);
        }
        return budgetNanos - lost.totalWith(now - longest, now);
    }

    private synchronized long end(Wait wait, boolean inVain) {
        long now = nanoTime.getAsLong();
        waiting.remove(wait);
        if (inVain) {
            lost.add(wait.start, now);
            usedUp |= budgetNanos - lost.total() < GRAIN_NANOS;
        }
        return now;
    }

    /** One Get's wait. */
    public final class Wait {

        private final long start;

        /** From then on it may be lost. */
        private long doubtfulSince;

        private Wait(long start) {
            this.start = start;
            this.doubtfulSince = start;
        }

        public long start() {
            return start;
        }

        /** How long it may go on, if nothing comes. */
        public Duration limit() {
            synchronized (TimeBudget.this) {
                return Duration.ofNanos(Math.max(1, remaining(nanoTime.getAsLong())));
            }
        }

        /** Whether it is not to go on. */
        public boolean isOver() {
            return isUsedUp();
        }

        /** So many bytes of an object have come: not charged unless that turns out to be none. */
        public void came(int bytes) {
            synchronized (TimeBudget.this) {
                long now = nanoTime.getAsLong();
                long doubtful = now - doubtfulSince - bytes * Timeouts.NANOS_PER_BYTE;
                doubtfulSince = now - Math.max(0, doubtful);
            }
        }

        /**
         * It is over; when, as {@link System#nanoTime()} counts.
         *
         * @param inVain whether it ended without a hit
         */
        public long end(boolean inVain) {
            return TimeBudget.this.end(this, inVain);
        }
    }
}
