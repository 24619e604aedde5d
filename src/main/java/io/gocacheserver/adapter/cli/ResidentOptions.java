package io.gocacheserver.adapter.cli;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What the user wants of the resident process.
 *
 * @param socket its Unix socket, or null for the default
 * @param listen {@code host:port} to listen on too, or null
 * @param idleTimeout how long it stays without a build; zero for ever
 * @param drainTimeout longest wait for uploads when it is ended, or null if nobody says
 */
public record ResidentOptions(
        @Nullable String socket,
        @Nullable String listen,
        Duration idleTimeout,
        @Nullable Duration drainTimeout) {}
