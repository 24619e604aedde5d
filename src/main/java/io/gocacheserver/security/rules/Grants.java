package io.gocacheserver.security.rules;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.InvalidNamespaceException;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Namespaces of settings, and the {@link Access} that follows from them. */
public final class Grants {

    private Grants() {}

    /**
     * @throws InvalidAuthException naming the setting
     */
    public static Namespace namespace(String name, String setting) {
        try {
            return new Namespace(name);
        } catch (InvalidNamespaceException e) {
            throw new InvalidAuthException("%s: %s".formatted(setting, e.getMessage()));
        }
    }

    /** The same for each of several. */
    public static List<Namespace> namespaces(List<String> names, String setting) {
        return names.stream().map(name -> namespace(name, setting)).toList();
    }

    /**
     * A client reads its namespace first, then the granted ones, then {@code global}.
     *
     * @param written the client's namespace; null if it has none
     */
    public static Access access(
            @Nullable Namespace written,
            List<Namespace> granted,
            Set<Permission> permissions,
            Provenance by) {
        List<Namespace> reads = new ArrayList<>();
        if (written != null) {
            reads.add(written);
        }
        reads.addAll(granted);
        reads.add(Namespace.GLOBAL);
        return new Access(
                reads.stream().distinct().toList(),
                permissions.contains(Permission.WRITE) ? written : null,
                by,
                permissions.contains(Permission.ADMIN));
    }
}
