package io.gocacheserver.adapter.session;

import io.gocacheserver.adapter.remote.RemoteCache;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.adapter.remote.UploadResult;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Sends one session's objects behind its back: each pair of action and output once, at most so many waiting; what does
 * not fit is dropped and counted.
 */
final class Uploader {

    private final RemoteCache remote;
    private final Executor executor;
    private final int capacity;
    private final Tally tally;
    private final Map<ActionId, OutputId> accepted = new HashMap<>();
    private int pending;
    private boolean cancelled;

    /**
     * @param executor decides how many run at once
     * @param capacity how many may wait or run
     */
    Uploader(RemoteCache remote, Executor executor, int capacity, Tally tally) {
        this.remote = remote;
        this.executor = executor;
        this.capacity = capacity;
        this.tally = tally;
    }

    /** Takes an upload, and returns at once. */
    void submit(Upload upload) {
        synchronized (this) {
            if (upload.output().equals(accepted.get(upload.action()))) {
                return;
            }
            if (pending >= capacity) {
                tally.uploadsDropped.incrementAndGet();
                return;
            }
            accepted.put(upload.action(), upload.output());
            pending++;
        }
        try {
            executor.execute(() -> run(upload));
        } catch (RejectedExecutionException e) {
            tally.uploadsDropped.incrementAndGet();
            done();
        }
    }

    /** Waits until all is sent or the time is over, and cancels what waits then. How many were not sent. */
    synchronized int drain(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            for (long left = timeout.toNanos(); pending > 0 && left > 0; ) {
                // Rounded up: wait(0) would wait for ever.
                wait(left / 1_000_000 + 1);
                left = end - System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cancelled = true;
        return pending;
    }

    private void run(Upload upload) {
        try {
            if (!isCancelled()) {
                count(remote.upload(upload), upload.size());
            }
        } finally {
            done();
        }
    }

    private void count(UploadResult result, long size) {
        if (result instanceof UploadResult.Stored) {
            tally.roundTrips.incrementAndGet();
            tally.uploads.incrementAndGet();
            tally.bytesUploaded.addAndGet(size);
        } else if (result instanceof UploadResult.Failed(String reason)) {
            tally.roundTrips.incrementAndGet();
            tally.uploadFailed(reason);
        } else {
            tally.uploadsSkipped.incrementAndGet();
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private synchronized void done() {
        pending--;
        notifyAll();
    }
}
