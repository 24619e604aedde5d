package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The uploads that are in flight. One lock covers their choice and the look for them: if a pending upload has been removed and is
 * then not in flight here, it never will be.
 */
final class InFlightUploads {

    /**
     * One of them.
     *
     * @param probe whether it is to find out if S3 works again
     */
    record InFlight(Upload upload, boolean probe) {}

    /** Says which are to start, given those that are under way. */
    interface Choice {
        List<InFlight> among(Map<ActionKey, InFlight> underWay) throws TierException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<ActionKey, InFlight> underWay = new HashMap<>();
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean quiet;

    List<InFlight> start(Choice choice) throws TierException {
        lock.lock();
        try {
            quiet = true;
            List<InFlight> chosen = choice.among(underWay);
            for (InFlight flight : chosen) {
                underWay.put(flight.upload().entry().key(), flight);
            }
            quiet = chosen.isEmpty();
            return chosen;
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    void end(InFlight flight) {
        lock.lock();
        try {
            underWay.remove(flight.upload().entry().key());
            quiet = false;
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    /** Counts what a thread really works on. */
    AtomicInteger running() {
        return running;
    }

    int size() {
        lock.lock();
        try {
            return underWay.size();
        } finally {
            lock.unlock();
        }
    }

    /** Something may have become pending. */
    void unsettle() {
        quiet = false;
    }

    /** Waits until nothing is under way, and the last choice was that nothing is to start. */
    boolean awaitQuiet(Duration timeout) throws InterruptedException {
        return await(() -> quiet && underWay.isEmpty(), timeout);
    }

    /** Waits until no such upload is under way. */
    boolean awaitNone(Predicate<Entry> which, Duration timeout) throws InterruptedException {
        return await(
                () ->
                        underWay.values().stream()
                                .noneMatch(flight -> which.test(flight.upload().entry())),
                timeout);
    }

    private boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
        long nanos = timeout.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
