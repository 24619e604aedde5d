package io.gocacheserver.model;

import org.jspecify.annotations.Nullable;

/**
 * The part of the cache that an action belongs to, by which clients may read and write it. The same action may be in several
 * namespaces, with another output in each. Objects belong to none, since they are known by their hash.
 *
 * @param name 1 to {@value #MAX_LENGTH} characters of a to z, 0 to 9 and, but neither first nor last, {@code -}, {@code .}
 *     and {@code _}
 */
public record Namespace(String name) {

    /** The longest name, in characters. */
    public static final int MAX_LENGTH = 63;

    /** The namespace of all that was written without one: go-cache-plugin's layout of a bucket. Everyone reads it. */
    public static final Namespace GLOBAL = new Namespace("global");

    /**
     * Validates the name.
     *
     * @throws InvalidNamespaceException if it is not of that form
     */
    public Namespace {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new InvalidNamespaceException(
                    name, "has %d characters, not 1 to %d".formatted(name.length(), MAX_LENGTH));
        }
        int last = name.length() - 1;
        for (int i = 0; i <= last; i++) {
            char c = name.charAt(i);
            boolean inner = i > 0 && i < last && (c == '-' || c == '.' || c == '_');
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !inner) {
                throw new InvalidNamespaceException(
                        name, "has a character at position %d that may not be there".formatted(i));
            }
        }
    }

    /** Whether this is {@link #GLOBAL}. */
    public boolean isGlobal() {
        return name.equals(GLOBAL.name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Namespace(String otherName) && name.equals(otherName));
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
