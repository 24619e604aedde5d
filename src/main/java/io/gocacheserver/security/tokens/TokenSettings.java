package io.gocacheserver.security.tokens;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.util.List;

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
        @Valid @DefaultValue LimitSettings limits) {}
