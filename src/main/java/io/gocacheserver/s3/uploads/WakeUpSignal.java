package io.gocacheserver.s3.uploads;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes one thread. A signal costs nothing, and many signals before the thread wakes are one. */
final class WakeUpSignal {

    private final Semaphore signals = new Semaphore(0);

    void give() {
        if (signals.availablePermits() == 0) {
            signals.release();
        }
    }

    /** Waits for a signal, also one that came before, but no longer than the timeout. */
    void await(Duration timeout) throws InterruptedException {
        if (signals.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            signals.drainPermits();
        }
    }
}
