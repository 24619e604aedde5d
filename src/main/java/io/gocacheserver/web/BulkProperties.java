package io.gocacheserver.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.time.Duration;

/**
 * Bulk reads.
 *
 * @param maxActions Actions that one bulk read may ask for.
 * @param maxRequests Bulk reads at once; further ones are answered with 503.
 * @param faults Reads from S3 at once for one bulk read.
 * @param maxFaults Reads from S3 at once for all bulk reads.
 * @param timeout Time for one bulk read; what is not sent then is not sent.
 */
@Validated
@ConfigurationProperties(value = "cache-server.bulk", ignoreUnknownFields = false)
public record BulkProperties(
        @Min(1) @Max(1_000_000) @DefaultValue("16384") int maxActions,
        @Min(1) @DefaultValue("256") int maxRequests,
        @Min(1) @DefaultValue("16") int faults,
        @Min(1) @DefaultValue("64") int maxFaults,
        @NotNull @DurationMin(millis = 1) @DefaultValue("10m") Duration timeout) {}
