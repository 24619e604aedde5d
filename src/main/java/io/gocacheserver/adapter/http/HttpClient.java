package io.gocacheserver.adapter.http;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongSupplier;

/**
 * HTTP/1.1 to one service over kept connections, each call blocking its thread. A request that fails on a connection
 * which the server may have closed while it was idle is sent once more, on a new one.
 */
public final class HttpClient implements AutoCloseable {

    private static final int WRITE_BUFFER_BYTES = 32 * 1024;

    private final ServiceUrl url;
    private final Timeouts timeouts;
    private final LongSupplier nanoTime;
    private final Connector connector;
    private final ConnectionPool pool;
    private final Watchdog watchdog = new Watchdog();

    /**
     * @param idleConnections how many to keep at most
     * @param nanoTime as {@link System#nanoTime()}
     */
    public HttpClient(
            ServiceUrl url, Timeouts timeouts, int idleConnections, LongSupplier nanoTime) {
        this.url = url;
        this.timeouts = timeouts;
        this.nanoTime = nanoTime;
        this.connector = new Connector(url, timeouts);
        this.pool = new ConnectionPool(idleConnections);
    }

    /** Sends a request and waits for the head of the answer. The caller closes the answer. */
    public HttpResponse send(HttpRequest request) throws IOException {
        Deadline deadline = new Deadline(timeouts.request(), nanoTime);
        RequestBody body = request.body();
        if (body != null) {
            deadline.allowFor(body.length());
        }
        Connection idle = pool.take();
        if (idle != null) {
            HttpResponse response = exchangeUnlessStale(idle, request, deadline);
            if (response != null) {
                return response;
            }
            pool.clear();
        }
        Deadline attempt = new Deadline(timeouts.connect(), nanoTime);
        return exchange(connector.connect(deadline, attempt), request, deadline);
    }

    /**
     * Opens a connection before there is a request for it. What goes wrong is of no interest: the first request will meet
     * it again.
     */
    public void connectAhead() {
        Deadline attempt = new Deadline(timeouts.connect(), nanoTime);
        try {
            Connection connection = connector.connect(attempt, attempt);
            // Like any idle connection, the server may have closed it by the time it is used.
            connection.end();
            pool.give(connection);
        } catch (IOException | RuntimeException e) {
            return;
        }
    }

    @Override
    public void close() {
        pool.close();
        watchdog.close();
    }

    private @Nullable HttpResponse exchangeUnlessStale(
            Connection connection, HttpRequest request, Deadline deadline) throws IOException {
        try {
            return exchange(connection, request, deadline);
        } catch (IOException e) {
            if (connection.mayBeStale()) {
                return null;
            }
            throw e;
        }
    }

    private HttpResponse exchange(Connection connection, HttpRequest request, Deadline deadline)
            throws IOException {
        connection.begin(deadline);
        try {
            write(connection, request, deadline);
            ResponseHead head = new ResponseHeadReader(connection).read();
            return new HttpResponse(connection, pool, head);
        } catch (IOException | RuntimeException e) {
            connection.abort();
            throw e;
        }
    }

    private void write(Connection connection, HttpRequest request, Deadline deadline)
            throws IOException {
        byte[] head = request.head(url);
        RequestBody body = request.body();
        if (body == null) {
            connection.out().write(head);
            return;
        }
        // Unlike a read, a write to a server that takes nothing blocks for ever.
        try (Watchdog.Guard guard = watchdog.guard(connection, deadline);
                InputStream in = body.open()) {
            writeBody(connection.out(), head, in, body.length());
            guard.writeCompleted();
        }
    }

    private static void writeBody(OutputStream out, byte[] head, InputStream in, long length)
            throws IOException {
        // A small object goes out with its head in one write.
        byte[] buffer = new byte[head.length + (int) Math.min(WRITE_BUFFER_BYTES, length)];
        System.arraycopy(head, 0, buffer, 0, head.length);
        int filled = head.length;
        long remaining = length;
        while (remaining > 0) {
            int count = in.read(buffer, filled, (int) Math.min(buffer.length - filled, remaining));
            if (count < 0) {
                throw new EOFException("the object has become shorter while it was sent");
            }
            filled += count;
            remaining -= count;
            if (filled == buffer.length) {
                out.write(buffer, 0, filled);
                filled = 0;
            }
        }
        out.write(buffer, 0, filled);
    }
}
