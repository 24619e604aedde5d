package io.gocacheserver.web.tomcat;

import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A body with a minimum rate, on average: a client that sends a byte now and then would hold a thread without end. Only the
 * time spent waiting for the client counts.
 */
final class MinimumRate implements InputBuffer {

    private static final double NANOS = 1e9;

    /** Bytes each second on average, 0 for none, looked at after so long a wait in all. */
    record Terms(long bytesPerSecond, Duration grace) {

        /** Whether a client has been waited for long enough to be judged. */
        boolean areDue(long waitedNanos) {
            return waitedNanos > grace.toNanos();
        }

        boolean areMissed(long bytes, long waitedNanos) {
            return areDue(waitedNanos) && bytes < bytesPerSecond * (waitedNanos / NANOS);
        }
    }

    private final InputBuffer in;
    private final Terms terms;
    private final Runnable beforeFirst;
    private boolean readable;
    private boolean begun;
    private long waited;
    private long received;

    MinimumRate(InputBuffer in, Terms terms, Runnable beforeFirst) {
        this.in = in;
        this.terms = terms;
        this.beforeFirst = beforeFirst;
    }

    /** Another request's body follows; one that is not readable is as if it were empty. */
    void restart(boolean readable) {
        this.readable = readable;
        begun = false;
        waited = 0;
        received = 0;
    }

    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
        if (!readable) {
            return -1;
        }
        if (!begun) {
            begun = true;
            beforeFirst.run();
        }
        long start = System.nanoTime();
        int count = in.doRead(handler);
        waited += System.nanoTime() - start;
        received += Math.max(count, 0);
        if (count >= 0 && terms.areMissed(received, waited)) {
            throw new SocketTimeoutException(
                    "the body came too slowly: %d bytes in %d s are fewer than %d a second"
                            .formatted(
                                    received,
                                    Duration.ofNanos(waited).toSeconds(),
                                    terms.bytesPerSecond()));
        }
        return count;
    }

    @Override
    public int available() {
        return readable ? in.available() : 0;
    }
}
