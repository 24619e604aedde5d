package io.gocacheserver.web.prefetch;

import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Starts of builds.
 *
 * @param maxRequests Starts of builds that are answered at once; further ones are answered with 503.
 */
@Validated
@ConfigurationProperties(value = "cache-server.bulk", ignoreUnknownFields = false)
public record PrefetchProperties(@Min(1) @DefaultValue("256") int maxRequests) {}
