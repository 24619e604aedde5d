package io.gocacheserver.adapter.http.connection;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/** Idle connections, at most so many; the one used last is used next, so that the others can grow old and go. */
public final class ConnectionPool {

    private final int capacity;
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private boolean closed;

    public ConnectionPool(int capacity) {
        this.capacity = capacity;
    }

    /** The one used last on which nothing came since; null if there is none. */
    public @Nullable Connection take() {
        Connection connection = poll();
        while (connection != null && connection.hasUnread()) {
            // Bytes that a server sends unasked would be taken for the next answer.
            connection.abort();
            connection = poll();
        }
        return connection;
    }

    public void give(Connection connection) {
        Connection surplus = null;
        synchronized (this) {
            if (closed) {
                surplus = connection;
            } else {
                idle.addLast(connection);
                if (idle.size() > capacity) {
                    surplus = idle.pollFirst();
                }
            }
        }
        if (surplus != null) {
            surplus.abort();
        }
    }

    /** Closes all that are idle: the server has closed one of them, so it has likely been restarted. */
    public void clear() {
        for (Connection connection = poll(); connection != null; connection = poll()) {
            connection.abort();
        }
    }

    public void close() {
        synchronized (this) {
            closed = true;
        }
        clear();
    }

    private synchronized @Nullable Connection poll() {
        return idle.pollLast();
    }
}
