package io.gocacheserver.adapter.zstd;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;

import io.gocacheserver.adapter.http.RequestBody;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * A file as one zstd frame at level 1: in memory where the file is small, else in a temporary file, since a Put has to announce
 * its length.
 *
 * @param file the temporary file, or null
 */
public record ZstdFrame(RequestBody body, @Nullable File file) implements Closeable {

    private static final int LEVEL = 1;

    /** Smaller objects save less than their headers take. */
    private static final int MIN_BYTES = 512;

    private static final int IN_MEMORY_BYTES = 512 * 1024;
    private static final int SAMPLE_BYTES = 64 * 1024;

    /** The frame of a file of {@code size} bytes, or null if it saves less than a tenth. */
    public static @Nullable ZstdFrame of(String path, long size) throws IOException {
        if (size < MIN_BYTES) {
            return null;
        }
        try (InputStream in = new FileInputStream(path)) {
            byte[] start = in.readNBytes((int) Math.min(size, IN_MEMORY_BYTES));
            if (size <= IN_MEMORY_BYTES) {
                byte[] frame = compress(start);
                return pays(frame.length, size) ? new ZstdFrame(RequestBody.of(frame), null) : null;
            }
            byte[] sample = Arrays.copyOf(start, SAMPLE_BYTES);
            return pays(compress(sample).length, SAMPLE_BYTES) ? inFile(start, in, size) : null;
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.delete();
        }
    }

    private static byte[] compress(byte[] content) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setLevel(LEVEL).compress(content);
        }
    }

    private static @Nullable ZstdFrame inFile(byte[] start, InputStream rest, long size)
            throws IOException {
        File file = File.createTempFile("go-cache-adapter-", ".zst");
        boolean pays = false;
        try {
            try (OutputStream out =
                    new ZstdOutputStreamNoFinalizer(
                            new FileOutputStream(file), RecyclingBufferPool.INSTANCE, LEVEL)) {
                out.write(start);
                rest.transferTo(out);
            }
            pays = pays(file.length(), size);
            return pays
                    ? new ZstdFrame(RequestBody.ofFile(file.getPath(), file.length()), file)
                    : null;
        } finally {
            if (!pays) {
                file.delete();
            }
        }
    }

    private static boolean pays(long coded, long plain) {
        return coded <= plain - plain / 10;
    }
}
