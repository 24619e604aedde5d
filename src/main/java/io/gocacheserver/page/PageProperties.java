package io.gocacheserver.page;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The status page.
 *
 * @param enabled Whether there is a page, and adapters may report builds.
 */
@Validated
@ConfigurationProperties(value = "cache-server.page", ignoreUnknownFields = false)
public record PageProperties(@DefaultValue("true") boolean enabled) {}
