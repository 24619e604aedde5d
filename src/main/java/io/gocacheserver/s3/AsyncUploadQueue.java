package io.gocacheserver.s3;

import io.gocacheserver.cache.Upload;
import io.gocacheserver.cache.UploadQueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Hands uploads to the bounded executor; what it refuses is dropped and counted. The log tells of drops at most every ten
 * seconds, since they come in floods.
 */
final class AsyncUploadQueue implements UploadQueue {

    private static final Logger log = LoggerFactory.getLogger(AsyncUploadQueue.class);
    private static final long LOG_INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final AsyncUploader uploader;
    private final ThreadPoolTaskExecutor executor;
    private final LongSupplier nanoTime;
    private final LongAdder dropped = new LongAdder();
    private final AtomicLong nextLog;

    AsyncUploadQueue(
            AsyncUploader uploader, ThreadPoolTaskExecutor executor, LongSupplier nanoTime) {
        this.uploader = uploader;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.nextLog = new AtomicLong(nanoTime.getAsLong());
    }

    @Override
    public void offer(Upload upload) {
        try {
            uploader.upload(upload);
        } catch (TaskRejectedException e) {
            dropped.increment();
            logDrop(upload);
        }
    }

    @Override
    public Statistics statistics() {
        return new Statistics(executor.getQueueSize(), executor.getActiveCount(), dropped.sum());
    }

    private void logDrop(Upload upload) {
        long due = nextLog.get();
        long now = nanoTime.getAsLong();
        if (now - due >= 0 && nextLog.compareAndSet(due, now + LOG_INTERVAL_NANOS)) {
            log.warn(
                    "[s3] the upload queue is full ({} waiting): upload of action {} dropped, {} dropped so far",
                    executor.getQueueSize(),
                    upload.entry().action(),
                    dropped.sum());
        }
    }
}
