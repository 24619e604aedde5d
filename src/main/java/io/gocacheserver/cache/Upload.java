package io.gocacheserver.cache;

import io.gocacheserver.model.Entry;

/**
 * What is still to be sent to the remote tier. It names the object, which stays in the local tier, so a queue of these
 * needs little memory.
 *
 * @param md5 of the object, 32 lower-case hex characters
 */
public record Upload(Entry entry, String md5) {}
