package io.gocacheserver.cache;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

import org.springframework.util.unit.DataSize;

/**
 * What one namespace may have on this replica's disk.
 *
 * @param namespace Name of the namespace; with * at its end, what the names begin with, each of which has this quota.
 * @param size What its objects may take, before compression.
 */
public record QuotaProperties(@NotBlank String namespace, @NotNull DataSize size) {

    /** The same without units. */
    public NamespaceQuota quota() {
        return new NamespaceQuota(namespace, size.toBytes());
    }
}
