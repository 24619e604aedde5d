package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.OutputId;

/** An action's object on the local disk, in a plain file, with the time when the action was put. */
public record CachedObject(OutputId output, long size, long unixNanos, String path) {}
