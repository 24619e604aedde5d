package io.gocacheserver.cache;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** An object's bytes, in the form in which a tier has them at hand. */
public sealed interface Content {

    /** Length in bytes. */
    long size();

    /** The bytes from the first one on. The caller closes the stream. */
    InputStream open() throws IOException;

    /** Bytes in memory: small objects. The array is never changed. */
    @SuppressWarnings("ArrayRecordComponent") // identity is enough: nobody compares contents
    record InMemory(byte[] bytes) implements Content {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }

    /** A whole file, which does not change while it is there. */
    record InFile(Path path, long size) implements Content {
        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(path);
        }
    }

    /** Bytes on their way from another machine. Can be opened once. */
    record Streamed(InputStream stream, long size) implements Content {
        @Override
        public InputStream open() {
            return stream;
        }
    }
}
