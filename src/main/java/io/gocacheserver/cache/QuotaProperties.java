package io.gocacheserver.cache;

import io.gocacheserver.model.ByteSize;
import io.gocacheserver.model.Namespace;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

/**
 * What one namespace may have on this replica's disk. The namespace {@code global} has no quota.
 *
 * @param namespace Name of the namespace; with * at its end, what the names begin with, each of which has this quota.
 * @param size What its objects may take, before compression.
 */
public record QuotaProperties(@NotBlank String namespace, @NotNull ByteSize size) {

    boolean isFor(Namespace other) {
        return !other.isGlobal()
                && (namespace.endsWith("*")
                        ? other.name().startsWith(namespace.substring(0, namespace.length() - 1))
                        : other.name().equals(namespace));
    }
}
