package io.gocacheserver.adapter.http;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Closes connections on which something that knows no timeout still goes on when its time is over. Its thread starts on first use. */
final class Watchdog {

    private @Nullable ScheduledThreadPoolExecutor timer;

    /** Guards {@code connection} until the guard is closed, for so many nanoseconds. */
    Guard guard(Closeable connection, long nanos) {
        return new Guard(connection, timer(), nanos);
    }

    /** Calls that are guarded now stay so. */
    synchronized void close() {
        if (timer != null) {
            timer.shutdown();
        }
    }

    private synchronized ScheduledThreadPoolExecutor timer() {
        if (timer == null) {
            timer =
                    new ScheduledThreadPoolExecutor(
                            1, Thread.ofPlatform().daemon().name("http-watchdog").factory());
            timer.setRemoveOnCancelPolicy(true);
        }
        return timer;
    }

    static final class Guard implements AutoCloseable {

        private final Closeable connection;
        private final Future<?> alarm;
        private volatile boolean late;

        private Guard(Closeable connection, ScheduledThreadPoolExecutor timer, long nanos) {
            this.connection = connection;
            this.alarm = timer.schedule(this::end, nanos, TimeUnit.NANOSECONDS);
        }

        private void end() {
            late = true;
            try {
                connection.close();
            } catch (IOException e) {
                // A thread that is blocked on it gets an exception.
            }
        }

        void completed() throws SocketTimeoutException {
            close();
            if (late) {
                throw new SocketTimeoutException("the request took too long");
            }
        }

        @Override
        public void close() {
            alarm.cancel(false);
        }
    }
}
