package io.gocacheserver.web;

import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;

import java.time.Duration;
import java.util.Objects;

/**
 * The memory that requests may hold together while they are served, for lists and buffers: a fifth of the heap, by weight.
 * Each client has a share ({@link Shares}). A request that finds no memory waits for a moment, and then gets 503. Requests
 * without a token, where others have one, have an eighth of that for themselves, and none of the rest.
 */
public final class RequestMemory {

    /** Most memory of a connection, beside reservations. */
    private static final long CONNECTION_BYTES = 256 * 1024;

    private static final int HEAP_SHARE = 5;
    private static final int ANONYMOUS_SHARE = 8;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Shares clients;
    private final Shares anonymous;

    public RequestMemory(long bytes) {
        clients = new Shares(bytes);
        anonymous = new Shares(bytes / ANONYMOUS_SHARE);
    }

    static long budget() {
        return Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    }

    /** The number of connections that the heap has room for, at most as many as wanted. */
    public static int maxConnections(int wanted) {
        long bearable = Runtime.getRuntime().maxMemory() / CONNECTION_BYTES;
        return wanted < 0 ? (int) bearable : (int) Math.min(wanted, bearable);
    }

    /** Throws a {@link ProblemException} if there is none within {@link #TIMEOUT}. */
    public Shares.Share reserve(HttpServletRequest request, long bytes) {
        boolean isKnown =
                !AccessResolver.ANONYMOUS.equals(request.getAttribute(AccessResolver.CLIENT));
        Shares shares = isKnown ? clients : anonymous;
        Shares.Share share = shares.take(AccessResolver.clientOf(request), bytes, TIMEOUT);
        if (share == null) {
            throw new ProblemException(
                    ProblemType.BUSY,
                    "other requests hold all the memory that is reserved for requests");
        }
        return share;
    }

    Shares.Share reserveAll(String client) {
        return Objects.requireNonNull(clients.take(client, Long.MAX_VALUE, TIMEOUT));
    }

    long free() {
        return clients.free() + anonymous.free();
    }
}
