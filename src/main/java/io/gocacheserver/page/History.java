package io.gocacheserver.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.function.ToLongFunction;

/**
 * The points of the charts, each with the counts since the point before: a fine series for the last hour, and a coarse one
 * for the last day. Both are in memory, bounded, and begin with the process: some 200 KB when full. Thread-safe.
 */
final class History {

    static final int FINE_POINTS = 360;
    static final int COARSE_POINTS = 1440;
    static final int FINE_PER_COARSE = 6;

    private record Point(Instant end, Totals counted) {}

    private final Duration interval;
    private final Deque<Point> fine = new ArrayDeque<>();
    private final Deque<Point> coarse = new ArrayDeque<>();
    private Totals lastFine = Totals.NONE;
    private Totals lastCoarse = Totals.NONE;
    private int recorded;

    /**
     * @param interval from one fine point to the next
     */
    History(Duration interval) {
        this.interval = interval;
    }

    /** Adds a point. To be called once in each interval. */
    synchronized void record(Instant now, Totals totals) {
        add(fine, FINE_POINTS, new Point(now, totals.since(lastFine)));
        lastFine = totals;
        recorded++;
        if (recorded % FINE_PER_COARSE == 0) {
            add(coarse, COARSE_POINTS, new Point(now, totals.since(lastCoarse)));
            lastCoarse = totals;
        }
    }

    synchronized Columns fine() {
        return columns(interval, fine);
    }

    synchronized Columns coarse() {
        return columns(interval.multipliedBy(FINE_PER_COARSE), coarse);
    }

    private static void add(Deque<Point> points, int most, Point point) {
        if (points.size() == most) {
            points.removeFirst();
        }
        points.addLast(point);
    }

    /**
     * A row of points, oldest first, as an array for each of their values.
     *
     * @param seconds from one point to the next
     * @param time when each interval ended, in seconds since 1970
     */
    @SuppressWarnings("ArrayRecordComponent") // an answer on its way, never compared
    record Columns(
            double seconds,
            double[] time,
            long[] diskHits,
            long[] s3Hits,
            long[] misses,
            long[] bytesIn,
            long[] bytesOut,
            long[] evictedBytes,
            long[] diskBytes,
            long[] uploads) {}

    private static Columns columns(Duration interval, Collection<Point> points) {
        return new Columns(
                interval.toMillis() / 1000.0,
                points.stream().mapToDouble(point -> point.end().toEpochMilli() / 1000.0).toArray(),
                column(points, Totals::diskHits),
                column(points, Totals::s3Hits),
                column(points, Totals::misses),
                column(points, Totals::bytesIn),
                column(points, Totals::bytesOut),
                column(points, Totals::evictedBytes),
                column(points, Totals::diskBytes),
                column(points, Totals::uploads));
    }

    private static long[] column(Collection<Point> points, ToLongFunction<Totals> value) {
        return points.stream().mapToLong(point -> value.applyAsLong(point.counted())).toArray();
    }
}
