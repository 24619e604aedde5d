package io.gocacheserver.web;

import io.gocacheserver.model.ByteSize;

import jakarta.validation.constraints.NotNull;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the service accepts over HTTP.
 *
 * @param maxObjectSize Largest object that a Put may send.
 * @param requestLog Whether there is a line in the log for each request.
 */
@Validated
@ConfigurationProperties(value = "cache-server.web", ignoreUnknownFields = false)
public record WebProperties(
        @NotNull @DefaultValue("4GB") ByteSize maxObjectSize,
        @DefaultValue("false") boolean requestLog) {}
