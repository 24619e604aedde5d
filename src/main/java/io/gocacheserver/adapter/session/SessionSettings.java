package io.gocacheserver.adapter.session;

import java.time.Duration;

/**
 * The settings of a session.
 *
 * @param service the service's URL, for messages
 * @param uploadQueue how many uploads may wait
 * @param drainTimeout how long the end waits for uploads
 * @param greeted whether the launcher has sent the protocol's first line already
 * @param drainLater whether the session ends with uploads under way, for which {@link Session#drain} then waits
 * @param terminal whether the user watches, and is told what the end waits for
 */
public record SessionSettings(
        String service,
        int uploadQueue,
        Duration drainTimeout,
        boolean greeted,
        boolean drainLater,
        boolean terminal) {}
