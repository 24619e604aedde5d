package io.gocacheserver.adapter.http;

import java.time.Duration;

/**
 * How long to wait for the service.
 *
 * @param connect for a connection, the look-up of the host's name included
 * @param read for the next byte, the first one of the answer included
 * @param request for one request from its first to its last byte; a second for each MiB of body comes on top
 */
public record Timeouts(Duration connect, Duration read, Duration request) {}
