package io.gocacheserver.cache;

import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The rights of one request.
 *
 * @param reads the namespaces whose actions it may read, in the order in which they are asked: its own, those granted to it,
 *     {@link Namespace#GLOBAL}
 * @param anyObject whether it may have any object whose hash it knows; else only those to which an action leads that it may
 *     read, and those that were sent for the namespace that it may write
 */
public record Access(
        List<Namespace> reads, @Nullable Namespace writes, Provenance by, boolean anyObject) {

    /** Of each request where everyone may do everything; what is written goes to {@link Namespace#GLOBAL}. */
    public static final Access OPEN = open(Provenance.UNKNOWN);

    public Access {
        reads = List.copyOf(reads);
        if (writes != null && !reads.contains(writes)) {
            throw new IllegalArgumentException(
                    "access that writes %s and reads only %s".formatted(writes, reads));
        }
    }

    public static Access open(Provenance by) {
        return new Access(List.of(Namespace.GLOBAL), Namespace.GLOBAL, by, true);
    }

    /** Bound to namespaces: objects only through actions. */
    public static Access of(List<Namespace> reads, @Nullable Namespace writes, Provenance by) {
        return new Access(reads, writes, by, false);
    }

    public Access from(@Nullable String address) {
        return new Access(reads, writes, by.from(address), anyObject);
    }

    public Namespace requireWrites() {
        if (writes == null) {
            throw new NotAllowedException("this token may not write");
        }
        return writes;
    }

    /** A request asks for what its {@link Access} does not include. */
    public static final class NotAllowedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public NotAllowedException(String message) {
            super(message);
        }
    }
}
