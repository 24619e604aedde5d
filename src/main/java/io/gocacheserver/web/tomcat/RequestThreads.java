package io.gocacheserver.web.tomcat;

import io.gocacheserver.web.RequestMemory;

import org.apache.tomcat.util.threads.TaskThreadFactory;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that serve requests: those of a pool, which cost a request the least, and a virtual thread for each request
 * that comes while all of them are taken. So requests that wait for their clients never make others wait for a thread. Other
 * resources have bounds of their own: memory ({@link RequestMemory}), reads from S3, connections.
 */
final class RequestThreads implements Executor, AutoCloseable {

    private static final int IDLE_SECONDS = 60;

    private final ThreadPoolExecutor pool;

    /**
     * @param min threads of the pool that stay while there is nothing to do
     * @param max threads of the pool
     */
    RequestThreads(int min, int max) {
        pool =
                new ThreadPoolExecutor(
                        Math.min(min, max),
                        max,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        new TaskThreadFactory("http-", true, Thread.NORM_PRIORITY),
                        (task, full) -> Thread.ofVirtual().name("http-more").start(task));
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
