package io.gocacheserver.cache.tier;

import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;

/**
 * Asks for what a writer has put in a span of time.
 *
 * @param by what must be the same; what is null there may be anything
 * @param namespace in which, or null for any
 * @param from when at the earliest
 * @param to when at the latest, exclusive
 */
public record WrittenBy(Provenance by, @Nullable Namespace namespace, Instant from, Instant to) {

    /** Whether it says more than a span of time. */
    public boolean isSpecific() {
        return namespace != null || !by.equals(Provenance.UNKNOWN);
    }

    /** Whether an action is among what is asked for. */
    public boolean matches(Entry entry) {
        Provenance writer = entry.by();
        return (namespace == null || namespace.equals(entry.key().namespace()))
                && !entry.time().isBefore(from)
                && entry.time().isBefore(to)
                && matches(by.token(), writer.token())
                && matches(by.issuer(), writer.issuer())
                && matches(by.subject(), writer.subject())
                && matches(by.repository(), writer.repository())
                && matches(by.ref(), writer.ref())
                && matches(by.run(), writer.run())
                && matches(by.address(), writer.address());
    }

    private static boolean matches(@Nullable String wanted, @Nullable String is) {
        return wanted == null || Objects.equals(wanted, is);
    }
}
