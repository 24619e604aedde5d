package io.gocacheserver.adapter.http;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The moment by which a request must be over. It can be put off once the size of the answer is known. */
final class Deadline {

    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int BYTES_PER_SECOND_SHIFT = 20;

    private final LongSupplier nanoTime;
    private long end;

    Deadline(Duration duration, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.end = nanoTime.getAsLong() + duration.toNanos();
    }

    /** Allows a second more for each whole MiB. */
    void allowFor(long bytes) {
        end += (bytes >> BYTES_PER_SECOND_SHIFT) * NANOS_PER_SECOND;
    }

    long remainingNanos() {
        return end - nanoTime.getAsLong();
    }

    /**
     * Milliseconds until then, from 1 to {@code most}.
     *
     * @throws SocketTimeoutException if it has passed
     */
    int remainingMillis(Duration most) throws SocketTimeoutException {
        long remaining = remainingNanos();
        if (remaining <= 0) {
            throw new SocketTimeoutException("the request took too long");
        }
        long millis = Math.min(remaining, most.toNanos()) / NANOS_PER_MILLI;
        return Math.clamp(millis, 1, Integer.MAX_VALUE);
    }
}
