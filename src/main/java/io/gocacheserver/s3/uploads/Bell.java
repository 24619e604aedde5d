package io.gocacheserver.s3.uploads;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes one thread. Ringing costs nothing, and many rings before it wakes are one. */
final class Bell {

    private final Semaphore rings = new Semaphore(0);

    void ring() {
        if (rings.availablePermits() == 0) {
            rings.release();
        }
    }

    /** Waits for a ring, also one that came before, but no longer than so long. */
    void await(Duration timeout) throws InterruptedException {
        if (rings.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            rings.drainPermits();
        }
    }
}
