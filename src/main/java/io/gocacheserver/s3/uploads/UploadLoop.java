package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.UploadQueue.Statistics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The thread that dispatches uploads. Shutdown waits for them, after the web server has finished its last request and before
 * anything that they need is closed; not for uploads that were put off, nor for S3 while that does not work. Uploads that are
 * not done then stay pending.
 */
public final class UploadLoop implements SmartLifecycle {

    /** Below the web server's phases, so later in shutdown. */
    public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

    private static final Logger log = LoggerFactory.getLogger(UploadLoop.class);
    private static final Duration TIME_TO_END = Duration.ofSeconds(2);

    private final UploadDispatcher dispatcher;
    private final ExecutorService executor;
    private final Duration drainTimeout;
    private final Thread thread;
    private volatile boolean running;

    /**
     * @param executor that of the dispatcher, which is shut down at the end
     */
    public UploadLoop(
            UploadDispatcher dispatcher, ExecutorService executor, Duration drainTimeout) {
        this.dispatcher = dispatcher;
        this.executor = executor;
        this.drainTimeout = drainTimeout;
        this.thread = Thread.ofPlatform().daemon().name("upload-dispatcher").unstarted(this::run);
    }

    @Override
    public void start() {
        running = true;
        dispatcher.resume();
        thread.start();
    }

    @Override
    public void stop() {
        running = false;
        Statistics before = dispatcher.statistics();
        log.info("waiting for uploads: {} queued, {} running", before.queued(), before.running());
        long start = System.nanoTime();
        try {
            dispatcher.drain(drainTimeout);
            endThreads();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
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

    /** Threads that are still at work are interrupted, and get the time to notice, since the disk tier closes soon. */
    private void endThreads() throws InterruptedException {
        dispatcher.stop();
        executor.shutdownNow();
        if (!executor.awaitTermination(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
            log.warn("some uploads have not ended");
        }
        thread.join(TIME_TO_END.toMillis());
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private void run() {
        try {
            while (!dispatcher.isStopped()) {
                dispatcher.awaitWork(dispatcher.dispatch());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
