package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.target.Timeouts;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment by which a request must be over. A length that a peer announces does not put it off. Bytes that come do, by {@link
 * Timeouts#NANOS_PER_BYTE}: so an answer may take longer that keeps up with that rate, and one that drips may not. There
 * is never more time left than at the beginning, so what came fast before does not excuse a drip.
 */
final class Deadline {

    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_BYTE_SENT = 1_000_000_000L >> 20; // a second for each MiB

    private final LongSupplier nanoTime;
    private final long start;
    private long patience;
    private long longest;
    private long allowed;

    /** How long it may take if nothing comes, and how long in all. */
    Deadline(Duration patience, Duration longest, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.patience = patience.toNanos();
        this.longest = longest.toNanos();
        this.allowed = Math.min(this.patience, this.longest);
    }

    Deadline(Duration duration, LongSupplier nanoTime) {
        this(duration, duration, nanoTime);
    }

    void allowFor(long bytes) {
        long more = bytes * NANOS_PER_BYTE_SENT;
        patience += more;
        longest += more;
        allowed += more;
    }

    void came(long bytes) {
        long elapsed = nanoTime.getAsLong() - start;
        long later = Math.min(allowed + bytes * Timeouts.NANOS_PER_BYTE, elapsed + patience);
        allowed = Math.min(Math.max(allowed, later), longest);
    }

    /** The time that is left, but no more than {@code most}. */
    Deadline within(Duration most) {
        Duration left = remaining();
        return new Deadline(left.compareTo(most) < 0 ? left : most, nanoTime);
    }

    Duration remaining() {
        return Duration.ofNanos(Math.max(0, remainingNanos()));
    }

    long remainingNanos() {
        return allowed - (nanoTime.getAsLong() - start);
    }

    void require() throws SocketTimeoutException {
        if (remainingNanos() <= 0) {
            throw new SocketTimeoutException("the request took too long");
        }
    }

    /** Milliseconds until then, from 1 to {@code most}. Fails if it has passed. */
    int remainingMillis(Duration most) throws SocketTimeoutException {
        require();
        long millis = Math.min(remainingNanos(), most.toNanos()) / NANOS_PER_MILLI;
        return Math.clamp(millis, 1, Integer.MAX_VALUE);
    }
}
