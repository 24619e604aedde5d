package io.gocacheserver.operations;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

import java.util.Map;

/**
 * The groups of settings that there are. Each has a record of its own, which refuses names that it does not know; this one
 * refuses groups that do not exist, such as a bucket set beside cache-server.s3 instead of in it.
 *
 * @param disk The disk tier.
 * @param s3 The S3 tier.
 * @param web What the service accepts over HTTP.
 * @param adapter The adapter that the service offers.
 * @param bulk Bulk reads.
 * @param profile Build profiles.
 * @param page The status page.
 * @param auth Who may use the cache.
 * @param shutdown How the service ends.
 */
@ConfigurationProperties(value = "cache-server", ignoreUnknownFields = false)
public record KnownSettings(
        @Nullable Map<String, Object> disk,
        @Nullable Map<String, Object> s3,
        @Nullable Map<String, Object> web,
        @Nullable Map<String, Object> adapter,
        @Nullable Map<String, Object> bulk,
        @Nullable Map<String, Object> profile,
        @Nullable Map<String, Object> page,
        @Nullable Map<String, Object> auth,
        @Nullable Map<String, Object> shutdown) {}
