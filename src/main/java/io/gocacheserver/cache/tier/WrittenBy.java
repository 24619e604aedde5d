package io.gocacheserver.cache.tier;

import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Asks for what a writer has put in a span of time.
 *
 * @param by what must be the same; what is null there may be anything
 * @param to when at the latest, exclusive
 */
public record WrittenBy(Provenance by, @Nullable Namespace namespace, Instant from, Instant to) {

    public boolean isSpecific() {
        return namespace != null || !by.equals(Provenance.UNKNOWN);
    }

    public boolean matches(Entry entry) {
        @Nullable String[] wanted = by.texts();
        @Nullable String[] writer = entry.by().texts();
        return (namespace == null || namespace.equals(entry.key().namespace()))
                && !entry.time().isBefore(from)
                && entry.time().isBefore(to)
                && IntStream.range(0, wanted.length)
                        .allMatch(i -> wanted[i] == null || Objects.equals(wanted[i], writer[i]));
    }
}
