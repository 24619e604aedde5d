package io.gocacheserver.security.rules;

import io.gocacheserver.cache.Access;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Set;

/**
 * The client that a valid token belongs to.
 *
 * @param name for people: the name of a static token, the subject of a JWT
 * @param key by which its limits are counted
 * @param permissions what it may do
 * @param access which namespaces it reads and writes
 * @param limits what it may take
 * @param expires when the token does, or null
 */
public record Client(
        String name,
        String key,
        Set<Permission> permissions,
        Access access,
        LimitSettings limits,
        @Nullable Instant expires) {

    public boolean may(Permission permission) {
        return permissions.contains(permission);
    }
}
