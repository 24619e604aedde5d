package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
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
    private final @Nullable ProxyUrl forwarder;
    private final Authorization authorization;

    /** The one used last is used next, so that the others can grow old and go. */
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();

    private final int idleConnections;
    private boolean closed;

    /** As the other, straight to the service, without authorization. */
    public HttpClient(
            ServiceUrl url, Timeouts timeouts, int idleConnections, LongSupplier nanoTime) {
        this(url, Route.DIRECT, timeouts, idleConnections, Authorization.NONE, nanoTime);
    }

    /** {@code idleConnections}: how many to keep at most; {@code authorization}: what each request shows the service. */
    public HttpClient(
            ServiceUrl url,
            Route route,
            Timeouts timeouts,
            int idleConnections,
            Authorization authorization,
            LongSupplier nanoTime) {
        this.url = url;
        this.timeouts = timeouts;
        this.idleConnections = idleConnections;
        this.authorization = authorization;
        this.nanoTime = nanoTime;
        this.connector = new Connector(url, route, timeouts);
        // With TLS, what a proxy reads is the request for a tunnel only.
        this.forwarder = url.tls() ? null : route.proxy();
    }

    /** Sends a request and waits for the head of the answer. The caller closes the answer. */
    public HttpResponse send(HttpRequest request) throws IOException {
        return send(request, timeouts.request());
    }

    /** As the other ({@code limit}: longest time for the request, answer included, if that is less than it may have anyway). */
    public HttpResponse send(HttpRequest request, Duration limit) throws IOException {
        return send(request, limit, shorter(limit, timeouts.request()));
    }

    /**
     * As the others. A request that is refused with 401 is sent once more if there is another authorization by then. A second for each
     * MiB of its body comes on top of {@code patience}; more time is allowed as the answer comes, up to {@code longest}.
     */
    public HttpResponse send(HttpRequest request, Duration patience, Duration longest)
            throws IOException {
        Deadline deadline = new Deadline(shorter(patience, timeouts.request()), longest, nanoTime);
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

    public Duration requestTimeout() {
        return timeouts.request();
    }

    /** Opens a connection before there is a request for it. The first request meets a failure again. */
    public void connectAhead() {
        Deadline attempt = new Deadline(timeouts.connect(), nanoTime);
        try {
            // Like any idle connection, the server may have closed it by the time it is used.
            give(connector.connect(attempt, attempt));
        } catch (IOException | RuntimeException e) {
            return;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeIdle();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private HttpResponse send(HttpRequest request, Deadline deadline, @Nullable String authorized)
            throws IOException {
        Connection kept = take();
        if (kept != null) {
            try {
                return exchange(kept, request, authorized, deadline);
            } catch (IOException e) {
                if (!kept.mayBeStale()) {
                    throw e;
                }
            }
            // The server has closed one of them, so it has likely been restarted.
            closeIdle();
        }
        Deadline attempt = deadline.within(timeouts.connect());
        return exchange(connector.connect(deadline, attempt), request, authorized, deadline);
    }

    /** The idle one used last on which nothing came since: a server's unasked bytes would be taken for the next answer. */
    private @Nullable Connection take() {
        Connection connection = poll();
        while (connection != null && connection.hasUnread()) {
            connection.abort();
            connection = poll();
        }
        return connection;
    }

    /** A connection whose request is over. */
    synchronized void give(Connection connection) {
        connection.end();
        idle.addLast(connection);
        if (closed || idle.size() > idleConnections) {
            idle.removeFirst().abort();
        }
    }

    private void closeIdle() {
        for (Connection connection = poll(); connection != null; connection = poll()) {
            connection.abort();
        }
    }

    private synchronized @Nullable Connection poll() {
        return idle.pollLast();
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
            ResponseHead head = early == null ? ResponseHead.read(connection) : early;
            return new HttpResponse(this, connection, head, request.isHead());
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
        try (Watchdog watchdog = new Watchdog(connection, deadline.remainingNanos());
                InputStream in = body.source().open()) {
            try {
                writeBody(connection, head, in, body.length());
            } catch (EOFException e) {
                throw e;
            } catch (IOException e) {
                return refusal(connection, e);
            }
            watchdog.completed();
            return null;
        }
    }

    /** A server that refuses a Put may answer and close before it has read all: the answer says more than the failure. */
    private static ResponseHead refusal(Connection connection, IOException failure)
            throws IOException {
        try {
            ResponseHead head = ResponseHead.read(connection);
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
        byte[] buffer =
                Arrays.copyOf(head, head.length + (int) Math.min(WRITE_BUFFER_BYTES, length));
        int filled = head.length;
        long left = length;
        do {
            int count = (int) Math.min(buffer.length - filled, left);
            if (in.readNBytes(buffer, filled, count) < count) {
                throw new EOFException("the object has become shorter while it was sent");
            }
            out.write(buffer, 0, filled + count);
            left -= count;
            filled = 0;
        } while (left > 0);
    }
}
