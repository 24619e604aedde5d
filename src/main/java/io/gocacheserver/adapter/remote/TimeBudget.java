package io.gocacheserver.adapter.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The time that one build may lose to the service: wall-clock time in which at least one Get waited that did not end as
 * a hit. What waits for the head of an answer is taken for lost until it proves otherwise, so a Get that begins when
 * {@code r} is left may wait for {@code r}, and the sum holds. Once used up it stays so.
 */
final class TimeBudget {

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
    TimeBudget(Duration budget, LongSupplier nanoTime) {
        this.budgetNanos = budget.isZero() ? Long.MAX_VALUE / 4 : budget.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether nothing is to be waited for any more. */
    synchronized boolean isUsedUp() {
        if (!usedUp && remaining(nanoTime.getAsLong()) < GRAIN_NANOS) {
            usedUp = true;
        }
        return usedUp;
    }

    /** A Get begins to wait. */
    synchronized Wait begin() {
        Wait wait = new Wait(nanoTime.getAsLong());
        waiting.add(wait);
        return wait;
    }

    private synchronized Duration left() {
        return Duration.ofNanos(Math.max(1, remaining(nanoTime.getAsLong())));
    }

    private long remaining(long now) {
        // The first to begin has waited the longest.
        long all = waiting.isEmpty() ? lost.total() : lost.totalWith(waiting.getFirst().start, now);
        return budgetNanos - all;
    }

    private synchronized void stopCharging(Wait wait) {
        waiting.remove(wait);
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
    final class Wait {

        private final long start;

        private Wait(long start) {
            this.start = start;
        }

        long start() {
            return start;
        }

        /** How long it may wait for the answer to begin, from now on. */
        Duration limit() {
            return left();
        }

        /** Whether it is not to go on. */
        boolean isOver() {
            return isUsedUp();
        }

        /** The answer has begun and is a hit, if its body holds what its head says: not charged unless that fails. */
        void promising() {
            stopCharging(this);
        }

        /**
         * It is over; when, as {@link System#nanoTime()} counts.
         *
         * @param inVain whether it ended without a hit
         */
        long end(boolean inVain) {
            return TimeBudget.this.end(this, inVain);
        }
    }
}
