package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.OutputId;

/**
 * An entry of the local disk: an action's object.
 *
 * @param output the SHA-256 of the object
 * @param size the object's bytes
 * @param unixNanos when the action was put, in nanoseconds since 1970
 * @param path the plain file that holds the object
 */
public record CachedObject(OutputId output, long size, long unixNanos, String path) {}
