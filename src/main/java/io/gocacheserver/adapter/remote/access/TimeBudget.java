package io.gocacheserver.adapter.remote.access;

import io.gocacheserver.adapter.http.target.Timeouts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The time that one build may lose to the service: wall-clock time, in milliseconds, in which at least one Get waited that
 * did not end as a hit. A wait is taken for lost until it proves otherwise, so a Get that begins when {@code r} is left may
 * wait for {@code r}, and the sum holds. Each byte of an object takes off {@link Timeouts#NANOS_PER_BYTE}. Once used up it
 * stays so.
 */
public final class TimeBudget {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    /** Sockets time out in whole milliseconds, so a wait may end that much before its limit. */
    private static final long GRAIN_MILLIS = 1;

    private final long budgetMillis;
    private final LongSupplier nanoTime;
    private final long begun;
    private final BitSet lost = new BitSet(); // a bit for each millisecond since it has begun
    private final List<Wait> waiting = new ArrayList<>();
    private boolean usedUp;

    /** A budget of zero is no limit; {@code nanoTime} as {@link System#nanoTime()}. */
    public TimeBudget(Duration budget, LongSupplier nanoTime) {
        this.budgetMillis = budget.toMillis();
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    /** Whether nothing is to be waited for any more. */
    public synchronized boolean isUsedUp() {
        usedUp |= remainingMillis() <= GRAIN_MILLIS;
        return usedUp;
    }

    public synchronized Wait begin() {
        Wait wait = new Wait(now());
        waiting.add(wait);
        return wait;
    }

    private long now() {
        return nanoTime.getAsLong() - begun;
    }

    private long remainingMillis() {
        if (budgetMillis == 0) {
            return Long.MAX_VALUE / NANOS_PER_MILLI / 4;
        }
        if (waiting.isEmpty()) {
            return budgetMillis - lost.cardinality();
        }
        BitSet all = (BitSet) lost.clone();
        waiting.forEach(wait -> mark(all, wait.doubtfulSince));
        return budgetMillis - all.cardinality();
    }

    private void mark(BitSet millis, long since) {
        millis.set(toMillis(since), toMillis(now()));
    }

    private static int toMillis(long nanos) {
        return Math.clamp(nanos / NANOS_PER_MILLI, 0, Integer.MAX_VALUE);
    }

    public final class Wait {

        private final long start;

        /** From then on it may be lost. */
        private long doubtfulSince;

        private Wait(long start) {
            this.start = start;
            this.doubtfulSince = start;
        }

        /** How long it may go on, if nothing comes. */
        public Duration limit() {
            synchronized (TimeBudget.this) {
                return Duration.ofMillis(Math.max(1, remainingMillis()));
            }
        }

        /** So many bytes of an object have come: not charged unless that turns out to be none. */
        public void came(int bytes) {
            synchronized (TimeBudget.this) {
                doubtfulSince = Math.min(now(), doubtfulSince + bytes * Timeouts.NANOS_PER_BYTE);
            }
        }

        /** It is over; {@code inVain}: without a hit. */
        public void end(boolean inVain) {
            synchronized (TimeBudget.this) {
                waiting.remove(this);
                if (inVain && budgetMillis > 0) {
                    mark(lost, start);
                    usedUp |= remainingMillis() <= GRAIN_MILLIS;
                }
            }
        }
    }
}
