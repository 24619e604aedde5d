package io.gocacheserver.web;

import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;

import java.time.Duration;

/**
 * The memory that requests may hold together while they are served: a fifth of the heap, by weight. Lists are in memory
 * as a whole, and so are buffers of objects that are on their way; what a request holds must not depend on how many others
 * there are. Each client has a share ({@link Shares}). A request that finds no memory waits for it for a moment, and is then
 * answered with 503.
 *
 * <p>Requests without a token, where others have one, have an eighth of that for themselves, and none of the rest.
 */
public final class RequestMemory {

    /** What a connection takes at most, in memory, beside what is reserved here. */
    private static final long CONNECTION_BYTES = 256 * 1024;

    private static final int HEAP_SHARE = 5;
    private static final int NOBODYS_SHARE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Shares clients;
    private final Shares nobody;

    /** Memory that a request may use until it is closed. */
    public interface Reservation extends AutoCloseable {

        /** Gives back what is more than so many bytes. */
        void shrinkTo(long bytes);

        @Override
        void close();
    }

    /**
     * @param bytes for all clients together
     */
    public RequestMemory(long bytes) {
        clients = new Shares(bytes);
        nobody = new Shares(bytes / NOBODYS_SHARE);
    }

    /** What there is for a heap like this process's. */
    static long budget() {
        return Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    }

    /** How many connections the heap can bear, of so many that are wanted. */
    public static int maxConnections(int wanted) {
        long bearable = Runtime.getRuntime().maxMemory() / CONNECTION_BYTES;
        return wanted < 0 ? (int) bearable : (int) Math.min(wanted, bearable);
    }

    /**
     * Reserves memory for a request.
     *
     * @throws ProblemException if there is none
     */
    public Reservation reserve(HttpServletRequest request, long bytes) {
        boolean isKnown =
                !AccessResolver.NOBODY.equals(request.getAttribute(AccessResolver.CLIENT));
        return reserve(isKnown ? clients : nobody, AccessResolver.clientOf(request), bytes);
    }

    /** All that clients have, for a test. */
    Reservation reserveAll(String client) {
        return reserve(clients, client, Long.MAX_VALUE);
    }

    private static Reservation reserve(Shares shares, String client, long bytes) {
        Shares.Share share = shares.take(client, bytes, PATIENCE);
        if (share == null) {
            throw new ProblemException(
                    ProblemType.BUSY, "requests at the same time take the memory that there is");
        }
        return share;
    }

    /** What is not reserved by any client. */
    long free() {
        return clients.free() + nobody.free();
    }
}
