package io.gocacheserver.page;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;

import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.time.Duration;

/**
 * The status page.
 *
 * @param enabled Whether there is a page, and adapters may report builds.
 * @param builds Builds that are remembered, in memory; the page shows the latest.
 * @param interval Time from one point of the charts to the next; 360 of them are kept, and 1440 of six times as long.
 */
@Validated
@ConfigurationProperties(value = "cache-server.page", ignoreUnknownFields = false)
public record PageProperties(
        @DefaultValue("true") boolean enabled,
        @PositiveOrZero @Max(10_000) @DefaultValue("50") int builds,
        @NotNull @DurationMin(millis = 100) @DefaultValue("10s") Duration interval) {}
