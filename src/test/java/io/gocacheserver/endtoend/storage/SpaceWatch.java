package io.gocacheserver.endtoend.storage;

import io.gocacheserver.endtoend.ServiceClient;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.Tmpfs;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Looks again and again at how much of a volume is used, beside how much is being put at that moment. */
final class SpaceWatch implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final Tmpfs volume;
    private final long allowed;
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong mostOver = new AtomicLong(Long.MIN_VALUE);
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    /**
     * Begins to look.
     *
     * @param allowed bytes that may be used besides what is being put
     */
    SpaceWatch(Tmpfs volume, long allowed) {
        this.volume = volume;
        this.allowed = allowed;
        var _ =
                executor.scheduleAtFixedRate(
                        this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Puts an object, which may take space of its own meanwhile; returns the status. */
    int put(PutLedger ledger, ServiceClient client, TestObject object) {
        inFlight.addAndGet(object.size());
        try {
            return ledger.put(client, object);
        } finally {
            inFlight.addAndGet(-object.size());
        }
    }

    /** The most bytes by which what was allowed has been exceeded; negative if it never was. */
    long mostOver() {
        return mostOver.get();
    }

    @Override
    public void close() {
        executor.close();
    }

    private void look() {
        try {
            long before = inFlight.get();
            long used = volume.used();
            long over = used - allowed - Math.max(before, inFlight.get());
            mostOver.accumulateAndGet(over, Math::max);
        } catch (IOException e) {
            mostOver.set(Long.MAX_VALUE); // fails the test
        }
    }
}
