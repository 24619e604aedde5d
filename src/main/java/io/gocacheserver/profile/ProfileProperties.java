package io.gocacheserver.profile;

import io.gocacheserver.model.ByteSize;

import jakarta.validation.constraints.NotNull;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Build profiles.
 *
 * @param maxSize Space for all profiles on disk, beside the disk tier's max-size.
 */
@Validated
@ConfigurationProperties(value = "cache-server.profile", ignoreUnknownFields = false)
public record ProfileProperties(@NotNull @DefaultValue("128MB") ByteSize maxSize) {}
