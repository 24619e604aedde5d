package io.gocacheserver.adapter.remote.access;

import java.util.ArrayDeque;

/**
 * Wall-clock time covered by intervals, which may overlap and are added in the order of their ends. Exact; keeps two
 * longs for each gap between them.
 */
public final class WaitedTime {

    private final ArrayDeque<long[]> intervals = new ArrayDeque<>();
    private long total;

    /** Adds an interval; how much of it no other had covered, in nanoseconds. */
    public long add(long start, long end) {
        long before = total;
        long from = start;
        for (long[] last = intervals.peekLast();
                last != null && last[1] - start >= 0;
                last = intervals.peekLast()) {
            total -= last[1] - last[0];
            from = from - last[0] < 0 ? from : last[0];
            intervals.removeLast();
        }
        intervals.addLast(new long[] {from, end});
        total += end - from;
        return total - before;
    }

    /** Nanoseconds covered so far. */
    long total() {
        return total;
    }

    /** What {@link #total} would be with that interval too. */
    long totalWith(long start, long end) {
        long sum = total + (end - start);
        for (long[] one : intervals) {
            long overlapStart = one[0] - start > 0 ? one[0] : start;
            long overlapEnd = one[1] - end < 0 ? one[1] : end;
            sum -= Math.max(0, overlapEnd - overlapStart);
        }
        return sum;
    }
}
