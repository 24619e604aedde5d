package io.gocacheserver.model;

import org.jspecify.annotations.Nullable;

/**
 * The part of the cache that an action belongs to, by which clients may read and write it. Objects belong to none, since they
 * are known by their hash. Each has {@linkplain #modules a part of its own for files of Go modules}, which no request for
 * actions reaches.
 */
public final class Namespace {

    public static final int MAX_LENGTH = 63;

    /** The namespace of all that was written without one: go-cache-plugin's layout of a bucket. Everyone reads it. */
    public static final Namespace GLOBAL = new Namespace("global");

    private static final String MODULES = "/module";

    private final String name;

    /**
     * Validates the name.
     *
     * @param name 1 to {@value #MAX_LENGTH} characters of a to z, 0 to 9 and, but neither first nor last, {@code -}, {@code
     *     .} and {@code _}
     */
    public Namespace(String name) {
        validate(name);
        this.name = name;
    }

    /** The part for modules of another one. */
    private Namespace(Namespace owner) {
        this.name = owner.name + MODULES;
    }

    /** The namespace, or part for modules, that {@link #name} has named. */
    public static Namespace stored(String name) {
        return name.endsWith(MODULES) ? new Namespace(owner(name)).modules() : new Namespace(name);
    }

    /** The part of this namespace that holds files of Go modules, by the SHA-256 of their names. */
    public Namespace modules() {
        return isModules() ? this : new Namespace(this);
    }

    public boolean isModules() {
        return name.endsWith(MODULES); // no other one has a slash
    }

    public Namespace owner() {
        return isModules() ? new Namespace(owner(name)) : this;
    }

    public String name() {
        return name;
    }

    public boolean isGlobal() {
        return name.equals(GLOBAL.name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Namespace that && name.equals(that.name));
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }

    private static String owner(String modules) {
        return modules.substring(0, modules.length() - MODULES.length());
    }

    private static void validate(String name) {
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
}
