package io.gocacheserver.s3;

import io.gocacheserver.cache.RateLimitedLog;
import io.gocacheserver.cache.Upload;
import io.gocacheserver.cache.UploadQueue;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;

import org.slf4j.LoggerFactory;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Hands uploads to the bounded executor; what it refuses is dropped, counted and logged. */
final class AsyncUploadQueue implements UploadQueue {

    private final AsyncUploader uploader;
    private final ThreadPoolTaskExecutor executor;
    private final LongAdder dropped = new LongAdder();
    private final RateLimitedLog floods;

    AsyncUploadQueue(
            AsyncUploader uploader, ThreadPoolTaskExecutor executor, LongSupplier nanoTime) {
        this.uploader = uploader;
        this.executor = executor;
        this.floods = new RateLimitedLog(LoggerFactory.getLogger(AsyncUploadQueue.class), nanoTime);
    }

    @Override
    public boolean admit(Entry entry) {
        return true;
    }

    @Override
    public void wake() {}

    @Override
    public boolean awaitNotRunning(ActionId action, Duration timeout) {
        return true;
    }

    void offer(Upload upload) {
        try {
            uploader.upload(upload);
        } catch (TaskRejectedException e) {
            dropped.increment();
            floods.warn(
                    "[s3] the upload queue is full (%d waiting): upload of action %s dropped"
                            .formatted(executor.getQueueSize(), upload.entry().action()));
        }
    }

    @Override
    public Statistics statistics() {
        return new Statistics(
                executor.getQueueSize(),
                executor.getActiveCount(),
                Duration.ZERO,
                dropped.sum(),
                0,
                0,
                0,
                0,
                0,
                false);
    }
}
