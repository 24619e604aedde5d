package io.gocacheserver.disk.blobs;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.disk.index.StagedObject;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Takes objects in, and compresses those where Zstandard saves at least a tenth of a sample from the front, and then of the
 * whole. One that comes as a zstd frame is stored as it comes, if that saves as much. Small ones stay in memory, to live in
 * the index; the others go to a file in {@code tmp/}.
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

    public StagedObject stage(OutputId output, long size, InputStream body) throws IOException {
        FrameCopy frame = new FrameCopy();
        if (Coding.Body.copyFrame(body, frame)) {
            return stageFrame(output, size, body, frame);
        }
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

    /** Stores the frame as it came, where it pays; what it holds has been read, and so verified, to its end. */
    private StagedObject stageFrame(OutputId output, long size, InputStream body, FrameCopy frame)
            throws IOException {
        if (size <= SAMPLE_BYTES) {
            ByteArrayOutputStream coded = new ByteArrayOutputStream();
            frame.target = coded;
            byte[] object = body.readNBytes((int) size);
            expectEnd(output, size, body);
            return pays(coded.size(), size)
                    ? stageWhole(output, size, coded.toByteArray(), Coding.ZSTD)
                    : stageWhole(output, size, object, Coding.IDENTITY);
        }
        Path file = layout.newTmp();
        try {
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
                frame.target = out;
                byte[] buffer = new byte[BUFFER_BYTES];
                while (body.read(buffer) >= 0) {
                    frame.requireWritten();
                }
                frame.requireWritten();
            }
            long stored = Files.size(file);
            boolean pays = pays(stored, size);
            return new StagedObject(
                    output,
                    size,
                    pays ? stored : decompress(file),
                    pays ? Coding.ZSTD : Coding.IDENTITY,
                    null,
                    file);
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

    /** Writes a frame while its content is read. A failure to write is not one of the body. */
    private static final class FrameCopy extends OutputStream {

        private OutputStream target = nullOutputStream();
        private @Nullable IOException failure;

        @Override
        public void write(int oneByte) {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                target.write(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
            }
        }

        void requireWritten() throws IOException {
            if (failure != null) {
                throw failure;
            }
        }
    }
}
