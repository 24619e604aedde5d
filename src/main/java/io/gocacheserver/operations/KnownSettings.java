package io.gocacheserver.operations;

import io.gocacheserver.cache.QuotaProperties;

import jakarta.validation.Valid;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.util.List;
import java.util.Map;

/**
 * The groups of settings that there are. Each has a record of its own, which refuses names that it does not know; this one
 * refuses groups that do not exist, such as a bucket set beside cache-server.s3 instead of in it.
 *
 * @param disk The disk tier.
 * @param s3 The S3 tier.
 * @param web What the service accepts over HTTP.
 * @param adapter The adapter that the service offers.
 * @param prefetch Starts of builds.
 * @param profile Build profiles.
 * @param modules Go modules.
 * @param page The status page.
 * @param auth Who may use the cache.
 * @param quotas What namespaces may have on this replica's disk; the first that is for a namespace holds.
 * @param shutdown How the service ends.
 */
@Validated
@ConfigurationProperties(value = "cache-server", ignoreUnknownFields = false)
public record KnownSettings(
        @Nullable Map<String, Object> disk,
        @Nullable Map<String, Object> s3,
        @Nullable Map<String, Object> web,
        @Nullable Map<String, Object> adapter,
        @Nullable Map<String, Object> prefetch,
        @Nullable Map<String, Object> profile,
        @Nullable Map<String, Object> modules,
        @Nullable Map<String, Object> page,
        @Nullable Map<String, Object> auth,
        @DefaultValue List<@Valid QuotaProperties> quotas,
        @Nullable Map<String, Object> shutdown) {}
