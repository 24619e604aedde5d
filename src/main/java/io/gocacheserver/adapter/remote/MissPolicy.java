package io.gocacheserver.adapter.remote;

import java.util.function.LongSupplier;

/**
 * Decides whether a Get waits for the service. At distance, each miss costs a build a round trip for nothing, which for
 * a first build is most of what it waits for; a hit is worth more than its wait.
 *
 * <p>So there is an account of time. It begins full, at half a second. Wall-clock time waited for misses is taken off;
 * twice the time waited for hits is put in, since a compilation takes longer than a round trip; and 4 % of the time that
 * passes. While it holds something, Gets wait. Else they are misses at once, the service is asked behind, and a hit
 * found so pays in twice its round trip, so that waiting resumes where about a third of the answers are hits. A build
 * of hits alone is never cut, and neither is one whose round trips take less than a millisecond.
 */
final class MissPolicy {

    static final long FULL_NANOS = 500_000_000L;
    private static final int HIT_VALUE = 2;
    private static final int REFILL_DIVISOR = 25;

    private final LongSupplier nanoTime;
    private final WaitedTime misses = new WaitedTime();
    private final WaitedTime hits = new WaitedTime();
    private long account = FULL_NANOS;
    private long refilledAt;

    /**
     * @param nanoTime as {@link System#nanoTime()}
     */
    MissPolicy(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.refilledAt = nanoTime.getAsLong();
    }

    /** Whether the next Get is to wait. */
    synchronized boolean isWorthWaiting() {
        long now = nanoTime.getAsLong();
        long refill = (now - refilledAt) / REFILL_DIVISOR;
        refilledAt += refill * REFILL_DIVISOR;
        add(refill);
        return account > 0;
    }

    /** A Get has waited for a hit. */
    synchronized void hit(long start, long end) {
        add(HIT_VALUE * hits.add(start, end));
    }

    /** A Get has waited for a miss. */
    synchronized void missed(long start, long end) {
        account -= misses.add(start, end);
    }

    /** The service, asked behind, has what a Get did not wait for; asking took {@code nanos}. */
    synchronized void foundBehind(long nanos) {
        add(HIT_VALUE * nanos);
    }

    private void add(long nanos) {
        account = Math.min(FULL_NANOS, account + nanos);
    }
}
