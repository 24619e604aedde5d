package io.gocacheserver.security.rules;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.util.List;

/**
 * A rule for an issuer's tokens with these claims. The first rule that matches a token holds.
 *
 * @param issuer Name of the issuer, as in cache-server.auth.issuers.
 * @param when Claims that a token must have, each as claim=value, where * in the value stands for anything; all must match.
 * @param access What it may do; by default to write if there is a namespace, and else to read.
 * @param namespace Namespace that it writes, and reads first; {claim} in it is replaced by the claim's value.
 * @param reads Further namespaces that it reads, in this order; global is always the last.
 * @param limits What each such client may take; those with the same subject are one.
 */
public record RuleSettings(
        @NotBlank String issuer,
        @NotEmpty List<@NotBlank String> when,
        @Nullable Level access,
        @Nullable String namespace,
        @DefaultValue List<String> reads,
        @Valid @DefaultValue LimitSettings limits) {}
