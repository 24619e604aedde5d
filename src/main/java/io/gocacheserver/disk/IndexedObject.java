package io.gocacheserver.disk;

import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

/**
 * An object as the index knows it.
 *
 * @param size in bytes
 * @param data the bytes themselves where they live in the index, else null: they are in a blob
 */
@SuppressWarnings("ArrayRecordComponent") // a row on its way, never compared
record IndexedObject(OutputId output, long size, byte @Nullable [] data) {}
