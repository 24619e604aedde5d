package io.gocacheserver.cache;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * What one remote read has brought to all who waited for it: nothing, something that they can share, or something that
 * only one of them can have. In the last case the first one takes it, and the others have to read themselves.
 */
final class Faulted<V> {

    /** What a caller gets. */
    sealed interface Share<V> {}

    /** This, or nothing. */
    record Taken<V>(Optional<V> value) implements Share<V> {}

    /** Somebody else was first. */
    record TooLate<V>() implements Share<V> {}

    private final Optional<V> value;
    private final @Nullable AtomicBoolean taken;

    private Faulted(Optional<V> value, @Nullable AtomicBoolean taken) {
        this.value = value;
        this.taken = taken;
    }

    static <V> Faulted<V> nothing() {
        return new Faulted<>(Optional.empty(), null);
    }

    static <V> Faulted<V> shared(V value) {
        return new Faulted<>(Optional.of(value), null);
    }

    static <V> Faulted<V> single(V value) {
        return new Faulted<>(Optional.of(value), new AtomicBoolean());
    }

    Share<V> take() {
        return taken == null || taken.compareAndSet(false, true)
                ? new Taken<>(value)
                : new TooLate<>();
    }

    <W> Faulted<W> map(Function<V, W> mapping) {
        return new Faulted<>(value.map(mapping), taken);
    }
}
