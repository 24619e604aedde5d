package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Map;

/** The counters of one session, or of several together, for any thread. */
public final class Tally {

    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private volatile @Nullable String lastServiceFailure;
    private volatile @Nullable String lastDiskFailure;

    /** Adds the counters of another session. */
    public void add(Tally other) {
        other.counts().forEach(this::add);
        if (other.lastServiceFailure != null) {
            lastServiceFailure = other.lastServiceFailure;
        }
        if (other.lastDiskFailure != null) {
            lastDiskFailure = other.lastDiskFailure;
        }
    }

    void add(Count count) {
        add(count, 1);
    }

    synchronized void add(Count count, long number) {
        counts.merge(count, number, Long::sum);
    }

    synchronized long get(Count count) {
        return counts.getOrDefault(count, 0L);
    }

    private synchronized Map<Count, Long> counts() {
        return new EnumMap<>(counts);
    }

    /** A get failed. */
    void serviceFailed(String reason) {
        add(Count.SERVICE_FAILURES);
        lastServiceFailure = reason;
    }

    /** An upload failed. */
    void uploadFailed(String reason) {
        add(Count.UPLOADS_FAILED);
        serviceFailed(reason);
    }

    /** The cache directory did not take an object. */
    void diskFailed(String reason) {
        add(Count.DISK_FAILURES);
        lastDiskFailure = reason;
    }

    @Nullable String lastServiceFailure() {
        return lastServiceFailure;
    }

    @Nullable String lastDiskFailure() {
        return lastDiskFailure;
    }

    /**
     * The statistics of several sessions together, without times.
     *
     * @param undone uploads that were not sent within the drain timeout
     */
    public SessionReport report(int undone) {
        return report(SessionReport.Ending.CLOSED, 0, 0, 0, undone, null);
    }

    /** The statistics so far. */
    SessionReport report(
            SessionReport.Ending ending,
            long durationNanos,
            long waitNanos,
            long drainNanos,
            long undone,
            @Nullable String profileKey) {
        Map<Count, Long> numbers = counts();
        numbers.merge(Count.UPLOADS_UNDONE, undone, Long::sum);
        return new SessionReport(
                ending,
                durationNanos,
                waitNanos,
                drainNanos,
                profileKey,
                numbers,
                lastServiceFailure,
                lastDiskFailure);
    }
}
