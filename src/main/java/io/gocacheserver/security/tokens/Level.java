package io.gocacheserver.security.tokens;

import java.util.Set;

/** The levels of access in settings; to observe is to see metrics, health and the status page, and nothing of the cache. */
public enum Level {
    READ,
    READ_WRITE,
    OBSERVE,
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
