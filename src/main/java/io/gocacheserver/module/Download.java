package io.gocacheserver.module;

import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * A file that is being fetched, on disk until it is checked and kept. It is hashed as it is written. Closing it deletes it,
 * also while somebody still writes.
 */
final class Download implements AutoCloseable {

    /** What an upstream says when it has nothing may be shown up to this length. */
    private static final int MAX_TEXT = 2000;

    private final Path path;
    private final FileChannel channel;
    private MessageDigest sha256 = Digests.sha256();
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

    Download(Path path) throws DiskException {
        this.path = path;
        try {
            channel =
                    FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    /** Forgets what was written. */
    void restart() throws DiskException {
        try {
            channel.truncate(0);
        } catch (IOException e) {
            throw new DiskException(e);
        }
        sha256 = Digests.sha256();
        size = 0;
    }

    /** Adds bytes. */
    void write(ByteBuffer bytes, long max) throws IOException {
        long larger = size + bytes.remaining();
        size = larger;
        if (larger > max) {
            throw new TooLargeException(max);
        }
        sha256.update(bytes.duplicate());
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    /** Adds a stream to its end. */
    void copy(InputStream in, long max) throws IOException {
        in.transferTo(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        Download.this.write(ByteBuffer.wrap(bytes, offset, length), max);
                    }
                });
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** The hash of all bytes, once they are there. */
    OutputId id() {
        if (id == null) {
            id = OutputId.of(sha256.digest());
        }
        return id;
    }

    /** From the first byte on. */
    InputStream open() throws IOException {
        return Files.newInputStream(path);
    }

    byte[] bytes() throws IOException {
        return Files.readAllBytes(path);
    }

    /** The beginning, as text for people. */
    String text() throws IOException {
        try (InputStream in = open()) {
            return text(in);
        }
    }

    /** The beginning of some file, likewise. */
    static String text(InputStream in) throws IOException {
        return new String(in.readNBytes(MAX_TEXT), StandardCharsets.UTF_8)
                .replaceAll("[^\\P{Cntrl}\\n\\t]", "?")
                .strip();
    }

    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // the next start deletes it
        }
    }
}
