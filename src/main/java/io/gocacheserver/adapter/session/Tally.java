package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What one session did, or several together, counted from any thread. */
public final class Tally {

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

    /** Adds what another session did. */
    public void add(Tally other) {
        localHits.addAndGet(other.localHits.get());
        remoteHits.addAndGet(other.remoteHits.get());
        misses.addAndGet(other.misses.get());
        puts.addAndGet(other.puts.get());
        uploads.addAndGet(other.uploads.get());
        uploadsSkipped.addAndGet(other.uploadsSkipped.get());
        uploadsDropped.addAndGet(other.uploadsDropped.get());
        serviceFailures.addAndGet(other.serviceFailures.get());
        diskFailures.addAndGet(other.diskFailures.get());
        bytesFetched.addAndGet(other.bytesFetched.get());
        bytesUploaded.addAndGet(other.bytesUploaded.get());
        if (other.lastServiceFailure != null) {
            lastServiceFailure = other.lastServiceFailure;
        }
        if (other.lastDiskFailure != null) {
            lastDiskFailure = other.lastDiskFailure;
        }
    }

    /** One line for the user: gets by where they were answered from, puts, uploads, and failures if any. */
    public String summary() {
        String text = new Summary(this, "").work();
        if (uploadsDropped.get() + uploadsSkipped.get() > 0) {
            text += ", not uploaded " + (uploadsDropped.get() + uploadsSkipped.get());
        }
        if (lastServiceFailure != null) {
            text += ", service failures " + serviceFailures + " (last: " + lastServiceFailure + ')';
        }
        if (lastDiskFailure != null) {
            text += ", local cache failures " + diskFailures + " (last: " + lastDiskFailure + ')';
        }
        return text;
    }

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
