package io.gocacheserver.cache.tier;

import io.gocacheserver.model.Entry;

import java.time.Instant;

/**
 * An action and its object, which are still to be sent to the remote tier. The object stays in the local tier, so a list of
 * these needs little memory.
 *
 * @param sequence grows from one Put to the next; a later Put of the same action replaces the earlier one's upload
 * @param attempts how often it has failed, outages left out
 */
public record Upload(Entry entry, long sequence, Instant since, int attempts) {}
