package io.gocacheserver.module;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Records of a checksum database: a number, then lines of {@code go.sum}, then the signed head of the tree. The service compares
 * hashes; the Go command verifies signature and tree by itself, with the key that it has.
 */
final class ModuleSums {

    private ModuleSums() {}

    /** What is wrong with a record, or null. */
    static @Nullable String wrong(ModuleFile lookup, byte[] record) {
        return hash(lookup, new String(record, StandardCharsets.UTF_8)) == null
                ? "the record does not name the module's zip"
                : null;
    }

    /** The hash that a record has of a module's zip, or null. */
    static @Nullable String hash(ModuleFile file, String record) {
        String start = file.module() + " " + file.version() + " ";
        return record.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .filter(hash -> hash.startsWith("h1:"))
                .findFirst()
                .orElse(null);
    }
}
