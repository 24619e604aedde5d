package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.UploadQueue.Statistics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Lets shutdown wait for the uploads, after the web server has finished its last request and before anything that they
 * need is closed. It does not wait for what was put off, nor for S3 while that does not work. Uploads that are not
 * done then stay pending in the local tier, and the log says how many there are.
 */
public final class UploadDrain implements SmartLifecycle {

    /** Below the web server's phases, so later in shutdown; above that of the executor itself. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

    private static final Logger log = LoggerFactory.getLogger(UploadDrain.class);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long SECONDS_TO_END = 2;

    private final UploadDispatcher dispatcher;
    private final ThreadPoolTaskExecutor executor;
    private final Duration timeout;
    private volatile boolean running;

    public UploadDrain(
            UploadDispatcher dispatcher, ThreadPoolTaskExecutor executor, Duration timeout) {
        this.dispatcher = dispatcher;
        this.executor = executor;
        this.timeout = timeout;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        Statistics before = dispatcher.statistics();
        log.info("waiting for uploads: {} queued, {} running", before.queued(), before.running());
        long start = System.nanoTime();
        try {
            dispatcher.drain(timeout);
            endThreads();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        Statistics after = dispatcher.statistics();
        long left = after.queued() + after.running();
        if (left == 0) {
            log.info("uploads complete ({} ms elapsed)", millis);
        } else {
            log.warn(
                    "uploads not complete after {} ms: {} left, to be resumed at the next start;"
                            + " nothing is lost while the directory of the disk tier stays",
                    millis,
                    left);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Threads that are still at work are interrupted, and get the time to notice, since the disk tier closes soon. */
    private void endThreads() throws InterruptedException {
        dispatcher.stop();
        ThreadPoolExecutor pool = executor.getThreadPoolExecutor();
        pool.shutdownNow();
        if (!pool.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
            log.warn("{} uploads have not ended", pool.getActiveCount());
        }
    }
}
