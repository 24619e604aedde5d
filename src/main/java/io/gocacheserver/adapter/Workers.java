package io.gocacheserver.adapter;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounded pools of daemon threads that start as they are needed: one that idles is used before another is started.
 * Platform threads: a handful of them costs a young JVM less than the scheduler of virtual ones.
 */
final class Workers {

    private static final int IDLE_SECONDS = 30;

    private Workers() {}

    /** At most {@code threads} tasks run and {@code waiting} wait; what comes beyond is rejected. */
    static ExecutorService pool(String name, int threads, int waiting) {
        return new Pool(name, threads, new Tasks(waiting));
    }

    /** Refuses a task that no thread is free for, at which the pool starts one; if it may not, the task waits after all. */
    private static final class Tasks extends LinkedBlockingQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        final AtomicInteger free = new AtomicInteger();

        Tasks(int capacity) {
            super(capacity);
        }

        @Override
        public boolean offer(Runnable task) {
            return size() < free.get() && super.offer(task);
        }

        boolean queue(Runnable task) {
            return super.offer(task);
        }

        @Override
        public Runnable take() throws InterruptedException {
            free.incrementAndGet();
            try {
                return super.take();
            } finally {
                free.decrementAndGet();
            }
        }

        @Override
        public Runnable poll(long timeout, TimeUnit unit) throws InterruptedException {
            free.incrementAndGet();
            try {
                return super.poll(timeout, unit);
            } finally {
                free.decrementAndGet();
            }
        }
    }

    private static final class Pool extends ThreadPoolExecutor {

        Pool(String name, int threads, Tasks tasks) {
            super(
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
                        if (!tasks.queue(task)) {
                            throw new RejectedExecutionException("too much to do");
                        }
                    });
        }
    }
}
