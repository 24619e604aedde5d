package io.gocacheserver.cache;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether S3 works, as uploads or reads find it. After {@value #THRESHOLD} in a row that failed without an answer or with a
 * wish for less load, there is an outage: all pause, then one is sent to find out; the pauses may grow while it fails. Any
 * answer ends the outage.
 */
public final class Outage {

    public static final int THRESHOLD = 3;

    private final BackOff pauses;
    private final LongSupplier nanoTime;
    private boolean succeededLast;
    private int failures;
    private int probes;
    private @Nullable Long pausedUntil;

    public Outage(BackOff pauses, LongSupplier nanoTime) {
        this.pauses = pauses;
        this.nanoTime = nanoTime;
    }

    /**
     * S3 has answered.
     *
     * @return whether that ends an outage
     */
    public synchronized boolean answered(boolean success) {
        boolean was = isOn();
        succeededLast = success;
        failures = 0;
        probes = 0;
        pausedUntil = null;
        return was;
    }

    /**
     * A call has failed as all do in an outage.
     *
     * @return whether it is to be held against the call itself, since S3 worked just before
     */
    public synchronized boolean failed(boolean probe) {
        boolean worked = succeededLast && !isOn();
        succeededLast = false;
        failures++;
        if (isOn() ? probe : failures >= THRESHOLD) {
            probes++;
            pausedUntil = nanoTime.getAsLong() + pauses.upTo(probes).toNanos();
        }
        return worked;
    }

    public synchronized boolean isOn() {
        return pausedUntil != null;
    }

    public synchronized Duration pause() {
        return pausedUntil == null
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, pausedUntil - nanoTime.getAsLong()));
    }
}
