package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The counters of one session, or of several together, for any thread. The names are explained in {@link SessionReport}. */
public final class Tally {

    final AtomicInteger roundTrips = new AtomicInteger();
    final AtomicInteger localHits = new AtomicInteger();
    final AtomicInteger remoteHits = new AtomicInteger();
    final AtomicInteger misses = new AtomicInteger();
    final AtomicInteger unanswered = new AtomicInteger();
    final AtomicInteger prefetched = new AtomicInteger();
    final AtomicInteger prefetchedUsed = new AtomicInteger();
    final AtomicInteger executed = new AtomicInteger();
    final AtomicLong executionNanos = new AtomicLong();
    final AtomicInteger puts = new AtomicInteger();
    final AtomicInteger uploads = new AtomicInteger();
    final AtomicInteger uploadsFailed = new AtomicInteger();
    final AtomicInteger uploadsSkipped = new AtomicInteger();
    final AtomicInteger uploadsDropped = new AtomicInteger();
    final AtomicInteger serviceFailures = new AtomicInteger();
    final AtomicInteger diskFailures = new AtomicInteger();
    final AtomicLong bytesFetched = new AtomicLong();
    final AtomicLong bytesTransferred = new AtomicLong();
    final AtomicLong bytesUploaded = new AtomicLong();

    private volatile @Nullable String lastServiceFailure;
    private volatile @Nullable String lastDiskFailure;

    /** Adds the counters of another session. */
    public void add(Tally other) {
        roundTrips.addAndGet(other.roundTrips.get());
        localHits.addAndGet(other.localHits.get());
        remoteHits.addAndGet(other.remoteHits.get());
        misses.addAndGet(other.misses.get());
        unanswered.addAndGet(other.unanswered.get());
        prefetched.addAndGet(other.prefetched.get());
        prefetchedUsed.addAndGet(other.prefetchedUsed.get());
        executed.addAndGet(other.executed.get());
        executionNanos.addAndGet(other.executionNanos.get());
        puts.addAndGet(other.puts.get());
        uploads.addAndGet(other.uploads.get());
        uploadsFailed.addAndGet(other.uploadsFailed.get());
        uploadsSkipped.addAndGet(other.uploadsSkipped.get());
        uploadsDropped.addAndGet(other.uploadsDropped.get());
        serviceFailures.addAndGet(other.serviceFailures.get());
        diskFailures.addAndGet(other.diskFailures.get());
        bytesFetched.addAndGet(other.bytesFetched.get());
        bytesTransferred.addAndGet(other.bytesTransferred.get());
        bytesUploaded.addAndGet(other.bytesUploaded.get());
        if (other.lastServiceFailure != null) {
            lastServiceFailure = other.lastServiceFailure;
        }
        if (other.lastDiskFailure != null) {
            lastDiskFailure = other.lastDiskFailure;
        }
    }

    /** A get failed. */
    void serviceFailed(String reason) {
        serviceFailures.incrementAndGet();
        lastServiceFailure = reason;
    }

    /** An upload failed. */
    void uploadFailed(String reason) {
        uploadsFailed.incrementAndGet();
        serviceFailed(reason);
    }

    void diskFailed(int times, @Nullable String reason) {
        diskFailures.addAndGet(times);
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

    /** The statistics so far. */
    SessionReport report(
            SessionReport.Ending ending,
            long durationNanos,
            long waitNanos,
            long drainNanos,
            int undone,
            @Nullable String profileKey) {
        return new SessionReport(
                ending,
                durationNanos,
                waitNanos,
                drainNanos,
                roundTrips.get(),
                localHits.get(),
                remoteHits.get(),
                misses.get(),
                unanswered.get(),
                bytesFetched.get(),
                bytesTransferred.get(),
                profileKey,
                prefetched.get(),
                prefetchedUsed.get(),
                executed.get(),
                executionNanos.get(),
                puts.get(),
                uploads.get(),
                bytesUploaded.get(),
                uploadsFailed.get(),
                uploadsSkipped.get(),
                uploadsDropped.get(),
                undone,
                serviceFailures.get(),
                lastServiceFailure,
                diskFailures.get(),
                lastDiskFailure);
    }
}
