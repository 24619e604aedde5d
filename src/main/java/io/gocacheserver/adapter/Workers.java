package io.gocacheserver.adapter;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Bounded pools of daemon threads that start as they are needed: one that idles is used before another is started.
 * Platform threads: a handful of them costs a young JVM less than the scheduler of virtual ones.
 */
final class Workers {

    private static final int IDLE_SECONDS = 30;

    private Workers() {}

    /** At most {@code threads} tasks run and some {@code waiting} wait; what comes beyond is rejected. */
    static ExecutorService pool(String name, int threads, int waiting) {
        Tasks tasks = new Tasks();
        return new ThreadPoolExecutor(
                0,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                tasks,
                work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> {
                    if (!tasks.queue(task, waiting)) {
                        throw new RejectedExecutionException("too much to do");
                    }
                });
    }

    /** Takes a task only for a thread that waits for one; else the pool starts one, or if it may not, the task waits after all. */
    private static final class Tasks extends LinkedTransferQueue<Runnable> {

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        boolean queue(Runnable task, int most) {
            return size() < most && super.offer(task);
        }
    }
}
