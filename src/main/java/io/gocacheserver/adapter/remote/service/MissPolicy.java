package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.remote.access.WaitedTime;

import java.util.function.LongSupplier;

/**
 * Decides whether a Get waits for the service. At distance, each miss costs a build a round trip for nothing, which for
 * a first build is most of what it waits for; a hit is worth more than its wait.
 *
 * <p>So there is an account of time. It begins full, at half a second. Wall-clock time waited for misses is taken off;
 * twice the time waited for hits is put in, since a compilation takes longer than a round trip; and 2 % of the time that
 * passes. While it holds something, Gets wait. Else they are misses at once, the service is asked behind, and a hit
 * found so pays in twice its round trip, so that waiting resumes where about a third of the answers are hits. A build
 * of hits alone is never cut, and neither is one whose round trips take less than a millisecond.
 *
 * <p>The indexes of packages, which the Go command reads first, one after the other, are made in a millisecond or two:
 * waiting for them does not pay, hit or not. Until the first object comes that is none, what waiting for a hit takes
 * beyond ten milliseconds is taken off, which only distance takes; that for misses fivefold; and what is found behind
 * pays nothing in. Then the account is at least a quarter full.
 */
final class MissPolicy {

    static final long FULL_NANOS = 500_000_000L;
    private static final int HIT_VALUE = 2;
    private static final int REFILL_DIVISOR = 50;
    private static final int INDEX_MISS_COST = 5;
    private static final long INDEX_HIT_FREE_NANOS = 10_000_000L;

    private final LongSupplier nanoTime;
    private final WaitedTime misses = new WaitedTime();
    private final WaitedTime hits = new WaitedTime();
    private long account = FULL_NANOS;
    private long refilledAt;
    private volatile boolean onIndexes = true;

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

    /** Whether nothing but indexes of packages has been seen so far, so that it is worth finding out what an object is. */
    boolean isOnIndexes() {
        return onIndexes;
    }

    /** A Get has waited for the index of a package. */
    synchronized void indexHit(long start, long end) {
        account -= Math.max(0, hits.add(start, end) - INDEX_HIT_FREE_NANOS);
    }

    /** An object that is no index of a package has come, or was made. */
    synchronized void leaveIndexes() {
        if (onIndexes) {
            onIndexes = false;
            account = Math.max(account, FULL_NANOS / 4);
        }
    }

    /** A Get has waited for a hit that is no index. */
    synchronized void hit(long start, long end) {
        leaveIndexes();
        add(HIT_VALUE * hits.add(start, end));
    }

    /** A Get has waited for a miss. */
    synchronized void missed(long start, long end) {
        account -= (onIndexes ? INDEX_MISS_COST : 1) * misses.add(start, end);
    }

    /** The service, asked behind, has what a Get did not wait for; asking took {@code nanos}. */
    synchronized void foundBehind(long nanos) {
        if (!onIndexes) {
            add(HIT_VALUE * nanos);
        }
    }

    private void add(long nanos) {
        account = Math.min(FULL_NANOS, account + nanos);
    }
}
