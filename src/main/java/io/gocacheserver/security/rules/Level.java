package io.gocacheserver.security.rules;

import java.util.Set;

/** The levels of access in settings. */
public enum Level {
    /** Reads. */
    READ,
    /** Reads, and writes its namespace. */
    READ_WRITE,
    /** Sees metrics, health and the status page, and nothing of the cache. */
    OBSERVE,
    /** May do everything. */
    ADMIN;

    public Set<Permission> permissions() {
        return switch (this) {
            case READ -> Set.of(Permission.READ, Permission.BUILDS);
            case READ_WRITE -> Set.of(Permission.READ, Permission.WRITE, Permission.BUILDS);
            case OBSERVE -> Set.of(Permission.OBSERVE, Permission.BUILDS);
            case ADMIN -> Set.of(Permission.values());
        };
    }
}
