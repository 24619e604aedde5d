package io.gocacheserver.adapter.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Closes a connection on which something that knows no timeout still goes on when its time is over. */
final class Watchdog implements AutoCloseable {

    private final Closeable connection;
    private final CompletableFuture<Void> alarm = new CompletableFuture<>();
    private volatile boolean late;

    /** Guards {@code connection} until this is closed, for so many nanoseconds. */
    Watchdog(Closeable connection, long nanos) {
        this.connection = connection;
        var _ = alarm.completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS).thenRun(this::end);
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
