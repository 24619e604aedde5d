package io.gocacheserver.security.tokens;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.security.tokens.TokenSettings.Level;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The client that a valid token belongs to.
 *
 * @param name for people: the name of a static token, the subject of a JWT
 * @param key by which its limits are counted
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

    /** What a client may reach: it reads its namespace first, if it has one, then the granted ones, then {@code global}. */
    public static Access access(
            @Nullable Namespace written, List<Namespace> granted, Level level, Provenance by) {
        List<Namespace> reads = new ArrayList<>();
        if (written != null) {
            reads.add(written);
        }
        reads.addAll(granted);
        reads.add(Namespace.GLOBAL);
        Set<Permission> permissions = level.permissions();
        return new Access(
                reads.stream().distinct().toList(),
                permissions.contains(Permission.WRITE) ? written : null,
                by,
                permissions.contains(Permission.ADMIN));
    }
}
