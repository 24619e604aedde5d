package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What one session did, counted from any thread. */
final class Tally {

    final AtomicInteger localHits = new AtomicInteger();
    final AtomicInteger remoteHits = new AtomicInteger();
    final AtomicInteger misses = new AtomicInteger();
    final AtomicInteger puts = new AtomicInteger();
    final AtomicInteger uploads = new AtomicInteger();
    final AtomicInteger uploadsSkipped = new AtomicInteger();
    final AtomicInteger uploadsDropped = new AtomicInteger();
    final AtomicInteger serviceFailures = new AtomicInteger();
    final AtomicInteger diskFailures = new AtomicInteger();
    final AtomicLong bytesFetched = new AtomicLong();
    final AtomicLong bytesUploaded = new AtomicLong();

    private volatile @Nullable String lastServiceFailure;
    private volatile @Nullable String lastDiskFailure;

    void serviceFailed(String reason) {
        serviceFailures.incrementAndGet();
        lastServiceFailure = reason;
    }

    void diskFailed(String reason) {
        diskFailures.incrementAndGet();
        lastDiskFailure = reason;
    }

    @Nullable String lastServiceFailure() {
        return lastServiceFailure;
    }

    @Nullable String lastDiskFailure() {
        return lastDiskFailure;
    }
}
