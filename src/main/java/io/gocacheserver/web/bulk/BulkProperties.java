package io.gocacheserver.web.bulk;

import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Bulk reads.
 *
 * @param maxRequests Bulk reads at once; further ones are answered with 503.
 */
@Validated
@ConfigurationProperties(value = "cache-server.bulk", ignoreUnknownFields = false)
public record BulkProperties(@Min(1) @DefaultValue("256") int maxRequests) {}
