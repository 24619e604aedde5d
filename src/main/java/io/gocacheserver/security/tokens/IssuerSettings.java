package io.gocacheserver.security.tokens;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;
import java.util.List;

/**
 * An OpenID Connect issuer whose tokens are accepted.
 *
 * @param uri The issuer's URL, exactly as its tokens have it in the claim iss.
 * @param audience One or more of which a token must have one in the claim aud.
 * @param jwksUri Where its keys are, if not where its discovery document says.
 * @param clockSkew By how much its clock may differ, at most ten minutes.
 * @param sslBundle Name of the SSL bundle with the certificates that are trusted when its keys are fetched; empty: the JVM's.
 * @param keysTokenFile File with a bearer token for fetching its keys, which Kubernetes may want.
 */
public record IssuerSettings(
        @NotBlank String uri,
        @NotEmpty List<@NotBlank String> audience,
        @Nullable String jwksUri,
        @NotNull @DurationMin(seconds = 0) @DurationMax(minutes = 10) @DefaultValue("30s")
                Duration clockSkew,
        @Nullable String sslBundle,
        @Nullable String keysTokenFile) {}
