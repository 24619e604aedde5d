package io.gocacheserver.s3;

import io.gocacheserver.cache.Upload;
import io.gocacheserver.cache.Uploader;

import org.springframework.scheduling.annotation.Async;

/** Runs uploads on the bounded executor {@value #EXECUTOR}. A class of its own, since @Async works by proxy. */
class AsyncUploader {

    static final String EXECUTOR = "uploadExecutor";

    private final Uploader uploader;

    AsyncUploader(Uploader uploader) {
        this.uploader = uploader;
    }

    /**
     * Returns at once.
     *
     * @throws org.springframework.core.task.TaskRejectedException if the executor's queue is full
     */
    @Async(EXECUTOR)
    void upload(Upload upload) {
        uploader.upload(upload);
    }
}
