package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.disk.index.IndexWriter.Known;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A verified object on its way into the store: coded, and in memory or in {@code tmp/}. Closing it deletes the file, if it
 * has not been moved into place by then.
 *
 * @param data the coded form, if it is to live in the index, else null
 */
@SuppressWarnings("ArrayRecordComponent") // on its way, never compared
public record StagedObject(
        OutputId output,
        long size,
        long stored,
        Coding coding,
        byte @Nullable [] data,
        @Nullable Path file)
        implements AutoCloseable {

    public Known as(long id) {
        return new Known(id, output, size, stored, coding, data == null);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
