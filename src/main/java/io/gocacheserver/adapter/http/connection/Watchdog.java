package io.gocacheserver.adapter.http.connection;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Closes connections on which something that knows no timeout still goes on when its deadline passes. Its thread starts on first use. */
public final class Watchdog {

    private @Nullable ScheduledThreadPoolExecutor timer;

    /** Guards {@code connection} until the guard is closed. */
    public Guard guard(Closeable connection, Deadline deadline) {
        return guard(connection, deadline.remainingNanos());
    }

    /** As the other, for so many nanoseconds. */
    public Guard guard(Closeable connection, long nanos) {
        Future<?> alarm = timer().schedule(() -> close(connection), nanos, TimeUnit.NANOSECONDS);
        return new Guard(alarm);
    }

    /** Calls that are guarded now stay so. */
    public synchronized void close() {
        if (timer != null) {
            timer.shutdown();
        }
    }

    private static void close(Closeable connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // A thread that is blocked on it gets an exception.
        }
    }

    private synchronized ScheduledThreadPoolExecutor timer() {
        if (timer == null) {
            timer = new ScheduledThreadPoolExecutor(1, Watchdog::newThread);
            timer.setRemoveOnCancelPolicy(true);
        }
        return timer;
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "http-watchdog");
        thread.setDaemon(true);
        return thread;
    }

    /** The watch over one request. */
    public static final class Guard implements AutoCloseable {

        private final Future<?> alarm;

        Guard(Future<?> alarm) {
            this.alarm = alarm;
        }

        /** All went well. */
        public void completed() throws SocketTimeoutException {
            if (!alarm.cancel(false)) {
                throw new SocketTimeoutException("the request took too long");
            }
        }

        @Override
        public void close() {
            alarm.cancel(false);
        }
    }
}
