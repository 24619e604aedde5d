package io.gocacheserver.s3;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Lets shutdown wait for the uploads, after the web server has finished its last request and before anything that they
 * need is closed. What is not done by the deadline is given up, and the log says how much that is.
 */
final class UploadDrain implements SmartLifecycle {

    /** Below the web server's phases, so later in shutdown; above that of the executor itself. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

    private static final Logger log = LoggerFactory.getLogger(UploadDrain.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ThreadPoolTaskExecutor executor;
    private final Duration timeout;
    private volatile boolean running;

    UploadDrain(ThreadPoolTaskExecutor executor, Duration timeout) {
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
        ThreadPoolExecutor pool = executor.getThreadPoolExecutor();
        log.info(
                "waiting for uploads: {} queued, {} running",
                pool.getQueue().size(),
                pool.getActiveCount());
        long start = System.nanoTime();
        pool.shutdown();
        boolean drained = false;
        try {
            drained = pool.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        if (drained) {
            log.info("uploads complete ({} ms elapsed)", millis);
        } else {
            int active = pool.getActiveCount();
            int lost = pool.shutdownNow().size() + active;
            log.warn("uploads not complete after {} ms: {} given up", millis, lost);
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
}
