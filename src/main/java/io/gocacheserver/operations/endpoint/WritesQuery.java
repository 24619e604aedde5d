package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.InvalidNamespaceException;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** The parameters of {@code …/writes?token=…&from=…}. */
final class WritesQuery {

    /** A query that makes no sense; the message says why. */
    static final class InvalidQueryException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidQueryException(String message) {
            super(message);
        }
    }

    private WritesQuery() {}

    static WrittenBy of(
            Provenance by, @Nullable String namespace, @Nullable String from, @Nullable String to)
            throws InvalidQueryException {
        WrittenBy query =
                new WrittenBy(
                        by,
                        namespace(namespace),
                        instant("from", from, Instant.EPOCH),
                        instant("to", to, Instant.MAX));
        if (!query.isSpecific()) {
            throw new InvalidQueryException(
                    "say whose writes: token, issuer, subject, repository, ref, run, address or namespace");
        }
        if (query.to().isBefore(query.from())) {
            throw new InvalidQueryException("to is before from");
        }
        return query;
    }

    static @Nullable Namespace namespace(@Nullable String name) throws InvalidQueryException {
        try {
            return name == null ? null : new Namespace(name);
        } catch (InvalidNamespaceException e) {
            throw new InvalidQueryException(String.valueOf(e.getMessage()));
        }
    }

    private static Instant instant(String name, @Nullable String text, Instant otherwise)
            throws InvalidQueryException {
        try {
            return text == null ? otherwise : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidQueryException(
                    "%s must be a time like 2026-01-31T12:00:00Z, not %s".formatted(name, text));
        }
    }
}
