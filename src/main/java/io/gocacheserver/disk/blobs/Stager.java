package io.gocacheserver.disk.blobs;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.disk.index.StagedObject;
import io.gocacheserver.model.OutputId;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Takes objects in, and compresses those that it pays for: where Zstandard saves at least a tenth of a sample from the
 * front, and then of the whole. Small ones stay in memory, to live in the index; the others go to a file in
 * {@code tmp/}.
 */
public final class Stager {

    private static final int SAMPLE_BYTES = 64 * 1024;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final DiskLayout layout;
    private final long inlineSize;
    private final ZstdCompressor zstd = new ZstdCompressor();

    /**
     * @param inlineSize what takes at most this many bytes, after compression, is to live in the index
     */
    public Stager(DiskLayout layout, long inlineSize) {
        this.layout = layout;
        this.inlineSize = inlineSize;
    }

    /**
     * Reads an object to its end.
     *
     * @param body verifies itself
     */
    public StagedObject stage(OutputId output, long size, InputStream body) throws IOException {
        byte[] front = body.readNBytes((int) Math.min(size, SAMPLE_BYTES));
        byte[] coded = zstd.compress(front);
        Coding coding = pays(coded.length, front.length) ? Coding.ZSTD : Coding.IDENTITY;
        if (size <= SAMPLE_BYTES) {
            expectEnd(output, size, body);
            return stageWhole(output, size, coding == Coding.ZSTD ? coded : front, coding);
        }
        Path file = layout.newTmp();
        try {
            long stored =
                    switch (coding) {
                        case IDENTITY -> copy(front, body, file);
                        case ZSTD -> compress(front, body, file);
                    };
            if (coding == Coding.ZSTD && !pays(stored, size)) {
                stored = decompress(file);
                coding = Coding.IDENTITY;
            }
            return new StagedObject(output, size, stored, coding, null, file);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private StagedObject stageWhole(OutputId output, long size, byte[] bytes, Coding coding)
            throws IOException {
        if (bytes.length <= inlineSize) {
            return new StagedObject(output, size, bytes.length, coding, bytes, null);
        }
        Path file = layout.newTmp();
        try {
            Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
            return new StagedObject(output, size, bytes.length, coding, null, file);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static boolean pays(long coded, long plain) {
        return coded <= plain - plain / 10 && coded < plain;
    }

    /** A body that is longer than was announced, or breaks off, fails here if not before. */
    private static void expectEnd(OutputId output, long size, InputStream body) throws IOException {
        if (body.read() >= 0) {
            throw new ObjectMismatchException(
                    "object %s has more than the announced %d bytes".formatted(output, size));
        }
    }

    private static long copy(byte[] front, InputStream body, Path file) throws IOException {
        long count = front.length;
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            out.write(front);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                out.write(buffer, 0, n);
                count += n;
            }
        }
        return count;
    }

    private long compress(byte[] front, InputStream body, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
                OutputStream coder = zstd.stream(out)) {
            coder.write(front);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                coder.write(buffer, 0, n);
            }
        }
        return Files.size(file);
    }

    /** Replaces a coded file by what it holds; returns the length of that. */
    private long decompress(Path file) throws IOException {
        Path plain = layout.newTmp();
        try {
            try (InputStream in = Coding.ZSTD.decode(Files.newInputStream(file))) {
                Files.copy(in, plain);
            }
            layout.replace(plain, file);
            return Files.size(file);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(plain);
            throw e;
        }
    }
}
