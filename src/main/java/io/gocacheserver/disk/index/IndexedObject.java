package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

/**
 * An object as the index knows it.
 *
 * @param id its row
 * @param size of the object itself, in bytes
 * @param stored length in bytes of what is kept of it
 * @param data what is kept, where that lives in the index, else null: it is in a blob
 */
@SuppressWarnings("ArrayRecordComponent") // a row on its way, never compared
public record IndexedObject(
        long id, OutputId output, long size, long stored, Coding coding, byte @Nullable [] data) {}
