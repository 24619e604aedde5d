package io.gocacheserver.adapter.session;

import io.gocacheserver.adapter.remote.RemoteCache;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.adapter.remote.UploadResult;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;

/**
 * Sends one session's objects in the background: each pair of action and output once, at most so many waiting; an upload that does
 * not fit is dropped and counted. A waiting one takes a few hundred bytes, since bodies are read from disk while they are
 * sent. Sessions of one process share the executor, whose threads and queue bound all of them together.
 */
final class Uploader {

    /** Actions remembered, so that each is sent once: at most 10 MB of memory. */
    private static final int MAX_REMEMBERED = 20_000;

    private static final long PROGRESS_NANOS = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final RemoteCache remote;
    private final Executor executor;
    private final int capacity;
    private final Tally tally;
    private final Map<ActionId, OutputId> accepted = new HashMap<>();
    private int pending;
    private int tasks;
    private long pendingBytes;
    private boolean cancelled;

    /** The executor decides how many run at once; {@code capacity}: how many may wait or run. */
    Uploader(RemoteCache remote, Executor executor, int capacity, Tally tally) {
        this.remote = remote;
        this.executor = executor;
        this.capacity = capacity;
        this.tally = tally;
    }

    synchronized void submit(Upload upload) {
        if (upload.output().equals(accepted.get(upload.action()))) {
            return;
        }
        if (pending >= capacity) {
            tally.add(Count.UPLOADS_DROPPED);
            return;
        }
        if (accepted.size() >= MAX_REMEMBERED) {
            accepted.clear();
        }
        accepted.put(upload.action(), upload.output());
        start(() -> count(remote.upload(upload)), 1, upload.size());
    }

    /** Takes another task that is to be done before the end, and returns at once. */
    void run(Runnable task) {
        start(task, 0, 0);
    }

    private void start(Runnable task, int uploads, long bytes) {
        began(1, uploads, bytes);
        Runnable whole =
                () -> {
                    try {
                        if (!isCancelled()) {
                            task.run();
                        }
                    } finally {
                        began(-1, -uploads, -bytes);
                    }
                };
        try {
            executor.execute(whole);
        } catch (RejectedExecutionException e) {
            tally.add(Count.UPLOADS_DROPPED, uploads);
            began(-1, -uploads, -bytes);
        }
    }

    /** So many have begun; or have ended, below zero. */
    private synchronized void began(int started, int uploads, long bytes) {
        tasks += started;
        pending += uploads;
        pendingBytes += bytes;
        notifyAll();
    }

    /** Waits until all is sent or the time is over, and cancels the uploads that wait then; the number of those. */
    int drain(Duration timeout) {
        return drain(timeout, null);
    }

    /** As {@link #drain(Duration)}; while it waits it tells about each second how many objects and bytes remain. */
    int drain(Duration timeout, @Nullable BiConsumer<Integer, Long> progress) {
        long start = System.nanoTime();
        long end = start + timeout.toNanos();
        long nextReport = start + PROGRESS_NANOS;
        while (progress != null && nextReport - end < 0 && !awaitAll(nextReport)) {
            nextReport += PROGRESS_NANOS;
            report(progress);
        }
        awaitAll(end);
        synchronized (this) {
            cancelled = true;
            return pending;
        }
    }

    private void report(BiConsumer<Integer, Long> progress) {
        int objects;
        long bytes;
        synchronized (this) {
            objects = pending;
            bytes = pendingBytes;
        }
        if (objects > 0) {
            progress.accept(objects, bytes);
        }
    }

    /** Waits until that time at most; whether there is nothing more to wait for. */
    private synchronized boolean awaitAll(long end) {
        try {
            for (long left = end - System.nanoTime();
                    tasks > 0 && left > 0;
                    left = end - System.nanoTime()) {
                // Rounded up: wait(0) has no limit.
                wait(left / NANOS_PER_MILLI + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
        return tasks == 0;
    }

    private void count(UploadResult result) {
        if (result instanceof UploadResult.Stored(long sent)) {
            tally.add(Count.ROUND_TRIPS);
            tally.add(Count.UPLOADS);
            tally.add(Count.BYTES_UPLOADED, sent);
        } else if (result instanceof UploadResult.AlreadyThere) {
            tally.add(Count.ROUND_TRIPS);
            tally.add(Count.UPLOADS);
        } else if (result instanceof UploadResult.Failed(String reason)) {
            tally.add(Count.ROUND_TRIPS);
            tally.uploadFailed(reason);
        } else if (result instanceof UploadResult.NotAsked) {
            tally.add(Count.UPLOADS_SKIPPED);
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }
}
