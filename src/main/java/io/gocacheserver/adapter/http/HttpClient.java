package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.connection.Connection;
import io.gocacheserver.adapter.http.connection.ConnectionPool;
import io.gocacheserver.adapter.http.connection.Deadline;
import io.gocacheserver.adapter.http.connection.Watchdog;
import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
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
    private final @Nullable ProxyUrl forwarder;
    private final Authorization authorization;

    /**
     * @param idleConnections how many to keep at most
     * @param nanoTime as {@link System#nanoTime()}
     */
    public HttpClient(
            ServiceUrl url, Timeouts timeouts, int idleConnections, LongSupplier nanoTime) {
        this(url, Route.DIRECT, timeouts, idleConnections, nanoTime);
    }

    /** As the other, with another way to the service. */
    public HttpClient(
            ServiceUrl url,
            Route route,
            Timeouts timeouts,
            int idleConnections,
            LongSupplier nanoTime) {
        this(url, route, timeouts, idleConnections, Authorization.NONE, nanoTime);
    }

    /**
     * @param route how to get to the service
     * @param idleConnections how many to keep at most
     * @param authorization what each request shows the service
     * @param nanoTime as {@link System#nanoTime()}
     */
    public HttpClient(
            ServiceUrl url,
            Route route,
            Timeouts timeouts,
            int idleConnections,
            Authorization authorization,
            LongSupplier nanoTime) {
        this.authorization = authorization;
        this.url = url;
        this.timeouts = timeouts;
        this.nanoTime = nanoTime;
        this.connector = new Connector(url, route, timeouts, watchdog);
        // With TLS, what a proxy reads is the request for a tunnel only.
        this.forwarder = url.tls() ? null : route.proxy();
        this.pool = new ConnectionPool(idleConnections);
    }

    /** Sends a request and waits for the head of the answer. The caller closes the answer. */
    public HttpResponse send(HttpRequest request) throws IOException {
        return send(request, timeouts.request());
    }

    /**
     * As the other.
     *
     * @param limit longest time for the request, answer included, if that is less than it may have anyway
     */
    public HttpResponse send(HttpRequest request, Duration limit) throws IOException {
        return send(
                request,
                limit,
                limit.compareTo(timeouts.request()) < 0 ? limit : timeouts.request());
    }

    /**
     * Sends a request and waits for the head of the answer. The caller closes the answer. A request that is refused with
     * 401 is sent once more if there is another authorization by then.
     *
     * @param patience longest time for the request, if that is less than it may have anyway; a second for each MiB of the
     *     request's body comes on top
     * @param longest up to which more time is allowed as the answer comes, see {@link Timeouts#NANOS_PER_BYTE}
     */
    public HttpResponse send(HttpRequest request, Duration patience, Duration longest)
            throws IOException {
        Duration first = patience.compareTo(timeouts.request()) < 0 ? patience : timeouts.request();
        Deadline deadline = new Deadline(first, longest, nanoTime);
        RequestBody body = request.body();
        if (body != null) {
            deadline.allowFor(body.length());
        }
        String authorized = authorization.header(deadline.remaining());
        HttpResponse response = send(request, deadline, authorized);
        if (response.status() != Status.UNAUTHORIZED
                || !authorization.renew(authorized, deadline.remaining())) {
            return response;
        }
        response.close();
        return send(request, deadline, authorization.header(deadline.remaining()));
    }

    /** How long a request may take. */
    public Duration requestTimeout() {
        return timeouts.request();
    }

    private HttpResponse send(HttpRequest request, Deadline deadline, @Nullable String authorized)
            throws IOException {
        Connection idle = pool.take();
        if (idle != null) {
            HttpResponse response = exchangeUnlessStale(idle, request, authorized, deadline);
            if (response != null) {
                return response;
            }
            pool.clear();
        }
        Deadline attempt = deadline.within(timeouts.connect());
        return exchange(connector.connect(deadline, attempt), request, authorized, deadline);
    }

    /**
     * Opens a connection before there is a request for it. A failure is of no interest: the first request will meet
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
            Connection connection,
            HttpRequest request,
            @Nullable String authorized,
            Deadline deadline)
            throws IOException {
        try {
            return exchange(connection, request, authorized, deadline);
        } catch (IOException e) {
            if (connection.mayBeStale()) {
                return null;
            }
            throw e;
        }
    }

    private HttpResponse exchange(
            Connection connection,
            HttpRequest request,
            @Nullable String authorized,
            Deadline deadline)
            throws IOException {
        connection.begin(deadline);
        try {
            byte[] start = request.head(url, forwarder, authorized);
            ResponseHead early = write(connection, start, request.body(), deadline);
            ResponseHead head = early == null ? new ResponseHeadReader(connection).read() : early;
            return new HttpResponse(connection, pool, head, request.isHead());
        } catch (IOException | RuntimeException e) {
            connection.abort();
            throw e;
        }
    }

    /** Sends the request. If the service does not take the whole body, but has said why: the head of that answer. */
    private @Nullable ResponseHead write(
            Connection connection, byte[] head, @Nullable RequestBody body, Deadline deadline)
            throws IOException {
        if (body == null) {
            connection.write(head, 0, head.length);
            return null;
        }
        // Unlike a read, a write to a server that takes nothing never returns.
        try (Watchdog.Guard guard = watchdog.guard(connection, deadline);
                InputStream in = body.open()) {
            try {
                writeBody(connection, head, in, body.length());
            } catch (EOFException e) {
                throw e;
            } catch (IOException e) {
                return refusal(connection, e);
            }
            guard.completed();
            return null;
        }
    }

    /** A server that refuses a Put may answer and close before it has read all: the answer says more than the failure. */
    private static ResponseHead refusal(Connection connection, IOException failure)
            throws IOException {
        try {
            ResponseHead head = new ResponseHeadReader(connection).read();
            if (head.status() >= 300) {
                return new ResponseHead(head.status(), false, head.headers());
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        throw failure;
    }

    private static void writeBody(Connection out, byte[] head, InputStream in, long length)
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
