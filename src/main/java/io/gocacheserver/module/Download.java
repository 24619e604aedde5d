package io.gocacheserver.module;

import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Objects;

/** A file that is being fetched, on disk until it is checked and kept. Closing it deletes it. */
final class Download implements AutoCloseable {

    /** What an upstream says when it has nothing may be shown up to this length. */
    private static final int MAX_TEXT = 2000;

    private static final int BUFFER = 64 * 1024;

    private final Path path;
    private volatile long size;
    private @Nullable OutputId id;

    /** More bytes than a file of its kind may have. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(long max) {
            super("it has more than %d bytes".formatted(max));
        }
    }

    /** The disk could not be written, rather than the source be read. */
    static final class DiskException extends IOException {
        private static final long serialVersionUID = 1L;

        DiskException(IOException cause) {
            super("[disk] write download: " + cause, cause);
        }
    }

    Download(Path path) {
        this.path = path;
    }

    /** Takes a stream to its end, in place of what was there before. */
    void copy(InputStream in, long max) throws IOException {
        restart();
        MessageDigest sha256 = Digests.sha256();
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = create()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                long larger = size + n;
                size = larger;
                if (larger > max) {
                    throw new TooLargeException(max);
                }
                sha256.update(buffer, 0, n);
                write(out, buffer, n);
            }
        }
        id = OutputId.of(sha256.digest());
    }

    private OutputStream create() throws DiskException {
        try {
            return Files.newOutputStream(path);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    private static void write(OutputStream out, byte[] bytes, int length) throws DiskException {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    /** Forgets an earlier attempt. */
    void restart() {
        size = 0;
    }

    Path path() {
        return path;
    }

    /** Bytes so far; any thread may ask. */
    long size() {
        return size;
    }

    /** The hash of all bytes, once they are there. */
    OutputId id() {
        return Objects.requireNonNull(id);
    }

    InputStream open() throws IOException {
        return Files.newInputStream(path);
    }

    byte[] bytes() throws IOException {
        return Files.readAllBytes(path);
    }

    /** The beginning of a file, as text for people. */
    static String text(InputStream in) throws IOException {
        return new String(in.readNBytes(MAX_TEXT), StandardCharsets.UTF_8)
                .replaceAll("[^\\P{Cntrl}\\n\\t]", "?")
                .strip();
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // the next start deletes it
        }
    }
}
