package io.gocacheserver.adapter.http.target;

import java.time.Duration;

/**
 * How long to wait for the service: for a connection, the look-up of the host's name included; for the next byte; for one request
 * from its first to its last byte, where a second for each MiB of body comes on top.
 */
public record Timeouts(Duration connect, Duration read, Duration request) {

    /** Time that each byte of an answer adds to its limit as it comes: the least rate is 256 KiB a second. */
    public static final long NANOS_PER_BYTE = 1_000_000_000L >> 18;

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration READ = Duration.ofSeconds(5);
    private static final int CONNECTS_IN_REQUEST = 30;
    private static final int READS_IN_REQUEST = 6;

    /**
     * Timeouts for requests of at most {@code request}: a connection may take a second and silence five, or a thirtieth and a
     * sixth of the request's if that is more; neither may take longer than the request.
     */
    public static Timeouts within(Duration request) {
        return new Timeouts(
                atMost(request, CONNECT, request.dividedBy(CONNECTS_IN_REQUEST)),
                atMost(request, READ, request.dividedBy(READS_IN_REQUEST)),
                request);
    }

    private static Duration atMost(Duration limit, Duration one, Duration other) {
        Duration longer = one.compareTo(other) > 0 ? one : other;
        return longer.compareTo(limit) > 0 ? limit : longer;
    }
}
