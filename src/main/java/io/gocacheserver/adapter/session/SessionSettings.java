package io.gocacheserver.adapter.session;

import java.time.Duration;

/**
 * What a session needs to know beyond its parts.
 *
 * @param service the service's URL, for messages
 * @param uploadQueue how many uploads may wait
 * @param drainTimeout how long the end waits for uploads
 * @param greeted whether whoever started this session has sent the protocol's first line already
 */
public record SessionSettings(
        String service, int uploadQueue, Duration drainTimeout, boolean greeted) {}
