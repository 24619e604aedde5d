package io.gocacheserver.adapter.cli;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * The settings of the resident process.
 *
 * @param socket its Unix socket, or null for the default
 * @param idleTimeout how long it stays without a build; zero for no limit
 * @param drainTimeout longest wait for uploads when it is ended, or null if it is not set
 */
public record ResidentOptions(
        @Nullable String socket, Duration idleTimeout, @Nullable Duration drainTimeout) {}
