package io.gocacheserver.cache;

import io.gocacheserver.model.Namespace;

import java.util.List;
import java.util.OptionalLong;

/**
 * What the objects of one namespace may take on this replica's disk. The namespace {@code global} has none.
 *
 * @param namespace its name, or where that ends in {@code *}, what the names begin with
 * @param bytes of the objects, uncompressed
 */
public record NamespaceQuota(String namespace, long bytes) {

    /** The quota of a namespace: the first that is for it. */
    static OptionalLong of(Namespace namespace, List<NamespaceQuota> quotas) {
        return namespace.isGlobal()
                ? OptionalLong.empty()
                : quotas.stream()
                        .filter(quota -> quota.isFor(namespace))
                        .mapToLong(NamespaceQuota::bytes)
                        .findFirst();
    }

    private boolean isFor(Namespace name) {
        return namespace.endsWith("*")
                ? name.name().startsWith(namespace.substring(0, namespace.length() - 1))
                : name.name().equals(namespace);
    }
}
