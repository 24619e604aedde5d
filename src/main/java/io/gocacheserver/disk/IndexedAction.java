package io.gocacheserver.disk;

/**
 * An action as the index knows it, with its object.
 *
 * @param unixNanos when it was put
 */
record IndexedAction(IndexedObject object, long unixNanos) {}
