package io.gocacheserver.s3.uploads;

import org.springframework.scheduling.annotation.Async;

/** Runs uploads on the bounded executor {@value #EXECUTOR}. A class of its own, since @Async works by proxy. */
public class AsyncUploader {

    public static final String EXECUTOR = "uploadExecutor";

    /** Returns at once; rejected if the executor's queue is full, or it is shut down. */
    @Async(EXECUTOR)
    public void run(Runnable upload) {
        upload.run();
    }
}
