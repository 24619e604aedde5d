package io.gocacheserver.cache;

import io.gocacheserver.model.ByteSize;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

/**
 * What one namespace may have on this replica's disk.
 *
 * @param namespace Name of the namespace; with * at its end, what the names begin with, each of which has this quota.
 * @param size What its objects may take, before compression.
 */
public record QuotaProperties(@NotBlank String namespace, @NotNull ByteSize size) {

    /** The same without units. */
    public NamespaceQuota quota() {
        return new NamespaceQuota(namespace, size.bytes());
    }
}
