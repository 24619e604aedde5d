package io.gocacheserver.web;

import jakarta.validation.constraints.NotNull;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

import java.time.Duration;

/**
 * What the service accepts over HTTP.
 *
 * @param maxObjectSize Largest object that a Put may send.
 * @param minUploadRate Bytes each second that a request's body must bring on average; 0: it may be as slow as it likes.
 * @param uploadGrace How long a body may be waited for in all before its rate is looked at.
 * @param headerTimeout How long a request's headers may take to come.
 * @param requestLog Whether there is a line in the log for each request.
 */
@Validated
@ConfigurationProperties(value = "cache-server.web", ignoreUnknownFields = false)
public record WebProperties(
        @NotNull @DefaultValue("4GB") DataSize maxObjectSize,
        @NotNull @DefaultValue("1KB") DataSize minUploadRate,
        @NotNull @DefaultValue("20s") Duration uploadGrace,
        @NotNull @DefaultValue("20s") Duration headerTimeout,
        @DefaultValue("false") boolean requestLog) {}
