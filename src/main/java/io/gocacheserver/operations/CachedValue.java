package io.gocacheserver.operations;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A value that is computed again only when it is too old. */
public final class CachedValue<T> implements Supplier<T> {

    private final Supplier<T> source;
    private final long keepNanos;
    private final LongSupplier nanoTime;
    private @Nullable T last;
    private long takenAt;

    public CachedValue(Supplier<T> source, Duration keep, LongSupplier nanoTime) {
        this.source = source;
        this.keepNanos = keep.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized T get() {
        T value = last;
        if (value == null || nanoTime.getAsLong() - takenAt >= keepNanos) {
            value = source.get();
            last = value;
            takenAt = nanoTime.getAsLong();
        }
        return value;
    }
}
