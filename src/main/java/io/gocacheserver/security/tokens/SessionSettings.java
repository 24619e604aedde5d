package io.gocacheserver.security.tokens;

import io.gocacheserver.security.rules.Secret;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * The access tokens for which POST /auth/exchange-token exchanges an issuer's token.
 *
 * @param lifetime How long one is valid.
 * @param secret Key with which they are signed, at least 32 characters, the same for all replicas; empty: a random one for each process. Several are set apart by white space: the first signs, all are accepted.
 * @param secretFile File with the same, read when the service starts.
 */
public record SessionSettings(
        @DurationMin(minutes = 1) @DurationMax(hours = 24) @DefaultValue("1h") Duration lifetime,
        @Nullable Secret secret,
        @Nullable String secretFile) {}
