package io.gocacheserver.cache.tier;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** An object's bytes, in the form in which a tier has them at hand. */
public sealed interface Content {

    long size();

    Coding coding();

    long storedSize();

    /** The stored bytes, from the first on. The caller closes the stream. */
    InputStream openStored() throws IOException;

    /** The object itself, from the first byte on. The caller closes the stream. */
    default InputStream open() throws IOException {
        return coding().decode(openStored());
    }

    /**
     * Gives up a content that was never opened: to be called by a caller that does not need the bytes, since a connection may
     * wait behind them. No effect on contents that can be opened again.
     */
    default void discard() {}

    /**
     * Bytes in memory: small objects.
     *
     * @param stored never changed
     */
    @SuppressWarnings("ArrayRecordComponent") // identity is enough: nobody compares contents
    record InMemory(byte[] stored, Coding coding, long size) implements Content {

        public InMemory(byte[] bytes) {
            this(bytes, Coding.IDENTITY, bytes.length);
        }

        @Override
        public long storedSize() {
            return stored.length;
        }

        @Override
        public InputStream openStored() {
            return new ByteArrayInputStream(stored);
        }
    }

    /** A whole file, which does not change while it is there. */
    record InFile(Path path, long storedSize, Coding coding, long size) implements Content {

        public InFile(Path path, long size) {
            this(path, size, Coding.IDENTITY, size);
        }

        @Override
        public InputStream openStored() throws IOException {
            return Files.newInputStream(path);
        }
    }

    /**
     * Bytes on their way from another machine, behind which a connection waits. Can be opened once; a caller that does not
     * open it {@linkplain #discard discards} it.
     */
    record Streamed(InputStream stream, long size) implements Content {

        @Override
        public Coding coding() {
            return Coding.IDENTITY;
        }

        @Override
        public long storedSize() {
            return size;
        }

        @Override
        public InputStream openStored() {
            return stream;
        }

        @Override
        public void discard() {
            try {
                stream.close();
            } catch (IOException e) {
                // it was not wanted anyway
            }
        }
    }
}
