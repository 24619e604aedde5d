package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a remote tier that hangs from holding up requests that do not need it: so many reads run at once (a bulkhead),
 * further ones wait for a moment; and after {@value #FAILURES} in a row without an answer none runs for a while, then one
 * finds out (a circuit breaker). A read that is turned away fails at once; it is never a miss. Once one has waited in vain,
 * no other waits until a read ends.
 */
public final class RemoteReads {

    static final int FAILURES = Outage.THRESHOLD;
    static final Duration PAUSE = Duration.ofSeconds(5);
    static final Duration WAIT = Duration.ofMillis(300);

    private static final Duration WHEN_FULL = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(RemoteReads.class);

    private final Semaphore places;
    private final Outage outage;
    private volatile boolean stalled;
    private boolean probing;

    /**
     * @param atOnce reads that may run at once
     */
    public RemoteReads(int atOnce, LongSupplier nanoTime) {
        this.places = new Semaphore(atOnce, true);
        this.outage = new Outage(new BackOff(PAUSE, PAUSE, () -> 1), nanoTime);
    }

    public <V> V run(Tier.Call<V> read) throws TierException {
        boolean probe = passBreaker();
        try {
            takePlace();
            try {
                V value = read.run();
                answered();
                return value;
            } catch (TierException.Remote e) {
                if (e.isOutage()) {
                    failed(probe, e);
                } else {
                    answered();
                }
                throw e;
            } finally {
                stalled = false;
                places.release();
            }
        } finally {
            if (probe) {
                endProbe();
            }
        }
    }

    private void takePlace() throws TierException.Remote {
        boolean taken = places.tryAcquire();
        if (!taken && !stalled) {
            try {
                taken = places.tryAcquire(WAIT.toNanos(), TimeUnit.NANOSECONDS);
                if (!taken) {
                    stalled = true;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (!taken) {
            throw turnedAway("S3 is slow, and no more requests may wait for it", WHEN_FULL);
        }
    }

    private synchronized boolean passBreaker() throws TierException.Remote {
        if (!outage.isOn()) {
            return false;
        }
        Duration left = outage.pause();
        if (probing || left.isPositive()) {
            throw turnedAway("S3 did not answer, and is asked again in a moment", left);
        }
        probing = true;
        return true;
    }

    private synchronized void endProbe() {
        probing = false;
    }

    private void answered() {
        if (outage.answered(true)) {
            log.info("[s3] reads resume");
        }
    }

    private synchronized void failed(boolean probe, TierException.Remote cause) {
        boolean before = outage.isOn();
        outage.failed(probe);
        if (!before && outage.isOn()) {
            log.warn("[s3] reads pause: {}", cause.getMessage());
        }
    }

    private static TierException.Remote turnedAway(String message, Duration left) {
        Duration retryAfter = left.isPositive() ? left : WHEN_FULL;
        return new TierException.Remote(
                TierException.Remote.Kind.UNAVAILABLE, message, null, retryAfter);
    }
}
