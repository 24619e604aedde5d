package io.gocacheserver.operations;

import jakarta.validation.constraints.NotNull;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.time.Duration;

/**
 * How the service ends.
 *
 * @param delay Time between readiness going down and the last connection being accepted.
 */
@Validated
@ConfigurationProperties(value = "cache-server.shutdown", ignoreUnknownFields = false)
public record ShutdownProperties(@NotNull @DefaultValue("1s") Duration delay) {}
