package io.gocacheserver.cache;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: twice as long each time, up to a limit, and at random, so that those who failed
 * together do not come back together.
 *
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">why at random</a>
 */
public record BackOff(Duration first, Duration max, DoubleSupplier random) {

    private static final int LARGEST_SHIFT = 30;

    /** Anything up to the longest wait after {@code failures} failures. */
    public Duration upTo(int failures) {
        return share(failures, random.getAsDouble());
    }

    public Duration aroundHalf(int failures) {
        return share(failures, (1 + random.getAsDouble()) / 2);
    }

    private Duration share(int failures, double part) {
        double doubled =
                Math.scalb((double) first.toNanos(), Math.min(failures - 1, LARGEST_SHIFT));
        return Duration.ofNanos((long) (Math.min((double) max.toNanos(), doubled) * part));
    }
}
