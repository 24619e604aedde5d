package io.gocacheserver.module;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.util.List;

/**
 * Go modules, below /mod.
 *
 * @param upstream Proxies that are asked for what the cache lacks, as GOPROXY has them; without any, /mod offers only modules that
 *     upstreams have patterns for.
 * @param upstreams Proxies for modules by their paths, such as private ones; the first whose pattern matches is asked, and no other.
 * @param checksumDatabase Name of the checksum database that zips are checked against where an upstream offers it; empty for no check.
 */
@Validated
@ConfigurationProperties(value = "cache-server.modules", ignoreUnknownFields = false)
public record ModuleProperties(
        @NotNull @DefaultValue("") String upstream,
        @DefaultValue List<@Valid UpstreamSettings> upstreams,
        @NotNull @DefaultValue("") String checksumDatabase) {

    /**
     * An upstream for some modules.
     *
     * @param pattern Module paths, as in GOPRIVATE: patterns set apart by commas, each of which matches a path or what it begins with.
     * @param url A proxy's URL, or several as GOPROXY has them.
     * @param credentials File with a bearer token, or with a user's name and password and a colon between.
     * @param namespaces Namespaces whose clients may have these modules; global for all clients.
     */
    public record UpstreamSettings(
            @NotNull @DefaultValue("") String pattern,
            @NotNull @DefaultValue("") String url,
            @Nullable String credentials,
            @DefaultValue List<String> namespaces) {}
}
