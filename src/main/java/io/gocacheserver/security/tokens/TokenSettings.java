package io.gocacheserver.security.tokens;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.util.List;
import java.util.Set;

/**
 * A static token.
 *
 * @param name By which logs and records of what was written call it.
 * @param secret The token itself, at least 16 characters, or sha256: and its SHA-256 in hex; several are set apart by white space.
 * @param secretFile File with the same, read again within a second of a change.
 * @param access What it may do.
 * @param namespace Namespace that it writes, and reads first.
 * @param reads Further namespaces that it reads, in this order; global is always the last.
 * @param limits What it may take.
 */
public record TokenSettings(
        @NotBlank String name,
        @Nullable Secret secret,
        @Nullable String secretFile,
        @DefaultValue("read") Level access,
        @DefaultValue("global") String namespace,
        @DefaultValue List<String> reads,
        @Valid @DefaultValue LimitSettings limits) {

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

    /** A text that no log, error or endpoint may show: one secret, or several with white space between. */
    public record Secret(String text) {

        @Override
        public String toString() {
            return "***";
        }
    }
}
