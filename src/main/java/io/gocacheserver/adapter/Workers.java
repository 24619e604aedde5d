package io.gocacheserver.adapter;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Bounded pools of daemon threads that start as they are needed. Platform threads: a handful of them costs a young JVM
 * less than the scheduler of virtual ones.
 */
final class Workers {

    private static final int IDLE_SECONDS = 30;

    private Workers() {}

    /** At most {@code threads} tasks run and {@code waiting} wait; what comes beyond is rejected. */
    static Executor pool(String name, int threads, int waiting) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(waiting),
                        work -> {
                            Thread thread = new Thread(work, name);
                            thread.setDaemon(true);
                            return thread;
                        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
