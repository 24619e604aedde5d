package io.gocacheserver.distribution;

import jakarta.validation.constraints.NotNull;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The adapter that the service offers.
 *
 * @param directory Directory whose archives of the adapter are offered; empty: those in the service's jar.
 */
@Validated
@ConfigurationProperties(value = "cache-server.adapter", ignoreUnknownFields = false)
public record AdapterProperties(@NotNull @DefaultValue("") String directory) {}
