package io.gocacheserver.adapter.session;

import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The counters of one session, or of several together, for any thread. */
public final class Tally {

    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private final Map<ActionId, Long> missed = new ConcurrentHashMap<>();
    private volatile @Nullable String lastServiceFailure;
    private volatile @Nullable String lastDiskFailure;

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

    /** No cache has this action, so the Go command begins with it: it compiles, or tests. */
    void executionBegins(ActionId action) {
        missed.putIfAbsent(action, System.nanoTime());
    }

    /** The Go command puts the action, which it may not have asked for. */
    void put(ActionId action) {
        add(Count.PUTS);
        @Nullable Long begun = missed.remove(action);
        if (begun != null) {
            add(Count.EXECUTED);
            add(Count.EXECUTION_NANOS, System.nanoTime() - begun);
        }
    }

    void serviceFailed(String reason) {
        add(Count.SERVICE_FAILURES);
        lastServiceFailure = reason;
    }

    void uploadFailed(String reason) {
        add(Count.UPLOADS_FAILED);
        serviceFailed(reason);
    }

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

    /** The statistics of several sessions together, without times. */
    public SessionReport report(int undone) {
        return report(SessionReport.Ending.CLOSED, 0, 0, 0, undone, null);
    }

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
