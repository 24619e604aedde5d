package io.gocacheserver.adapter.zstd;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;

import io.gocacheserver.adapter.disk.StagedObject;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Decoders of the content coding zstd, where its native library is at hand and loads. They are kept to be used again, as
 * many as fetches ever ran at once.
 */
public final class ZstdDecoders {

    /** A body is not one whole zstd frame. */
    public static final class BrokenFrameException extends IOException {
        private BrokenFrameException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private final @Nullable String library;
    private final ArrayDeque<Decoder> idle = new ArrayDeque<>();
    private boolean tried;
    private @Nullable String problem;

    /** The native library's file, or null if there is none for this platform. */
    public ZstdDecoders(@Nullable String library) {
        this.library = library;
    }

    /**
     * Whether they work. The first call loads the library and makes a decoder, since only that tells for sure, which
     * takes about a millisecond: ask when there is something to fetch, not before.
     */
    public synchronized boolean available() {
        if (!tried) {
            tried = true;
            problem = load();
        }
        return problem == null;
    }

    public synchronized @Nullable String problem() {
        return problem;
    }

    /** Appends the content of {@code body}, which must be one zstd frame, to {@code object}. Fails if it is anything else. */
    public void decode(InputStream body, StagedObject object) throws IOException {
        Decoder decoder = take();
        boolean whole = false;
        try {
            decoder.decode(body, object);
            whole = true;
        } finally {
            if (whole) {
                give(decoder);
            } else {
                decoder.close();
            }
        }
    }

    /** Loads from where the launcher says, and from nowhere else: left to itself, zstd-jni unpacks a file each time. */
    @SuppressWarnings("restricted") // The launcher enables native access.
    private @Nullable String load() {
        if (library == null) {
            return "no zstd library for this platform";
        }
        try {
            System.load(new File(library).getAbsolutePath());
            Native.assumeLoaded();
            give(new Decoder());
            return null;
        } catch (LinkageError | RuntimeException e) {
            return e.toString();
        }
    }

    private Decoder take() {
        Decoder decoder;
        synchronized (this) {
            decoder = idle.pollLast();
        }
        return decoder == null ? new Decoder() : decoder;
    }

    private synchronized void give(Decoder decoder) {
        idle.addLast(decoder);
    }

    /**
     * Decodes bodies, each of one zstd frame (RFC 8878), one after the other. After a failure it is of no more use.
     *
     * <p>Arrays, not direct buffers: socket, hash and file all take arrays, and the library works on them in place. Where a
     * frame fits into the input and its content into the output, which is so for most objects, the library decodes from the
     * one into the other without its own window. Larger buffers gain nothing.
     *
     * <p>Memory is bounded, whatever a frame says about itself: these buffers, and a window of 8 MiB, the most that RFC 9659
     * allows in a content coding.
     */
    private static final class Decoder implements Closeable {

        private static final int MAX_WINDOW_LOG = 23;
        private static final int BUFFER_BYTES = 64 * 1024;
        private static final byte[] NOTHING = {};

        private final ZstdDecompressCtx context =
                new ZstdDecompressCtx().setLongMax(MAX_WINDOW_LOG);
        private final ByteBuffer input = ByteBuffer.allocate(BUFFER_BYTES);
        private final ByteBuffer output = ByteBuffer.allocate(BUFFER_BYTES);

        /**
         * Appends the content of the whole of {@code body} to {@code object}, which ends it at the announced size.
         *
         * @throws BrokenFrameException if the body is anything but one frame
         */
        void decode(InputStream body, StagedObject object) throws IOException {
            boolean ended = false;
            input.clear().flip();
            while (!ended) {
                if (!input.hasRemaining() && !fill(body)) {
                    throw new BrokenFrameException("it sent a zstd frame that ends too soon", null);
                }
                do {
                    ended = step(object);
                    body.read(NOTHING); // fails when the time is over in which it may come
                } while (!ended && (input.hasRemaining() || !output.hasRemaining()));
            }
            if (input.hasRemaining() || fill(body)) {
                throw new BrokenFrameException("it sent something after the zstd frame", null);
            }
        }

        @Override
        public void close() {
            context.close();
        }

        /** As much of the body as there is room for; whether there was any left. */
        private boolean fill(InputStream body) throws IOException {
            int filled = body.readNBytes(input.array(), 0, BUFFER_BYTES);
            input.clear().limit(filled);
            return filled > 0;
        }

        /** Decodes until the input is used up or the output full; whether the frame has ended. */
        private boolean step(StagedObject object) throws IOException {
            output.clear();
            boolean ended;
            try {
                ended = context.decompressByteBufferStream(output, input);
            } catch (ZstdException e) {
                throw new BrokenFrameException("it sent a broken zstd frame: " + e.getMessage(), e);
            }
            if (output.position() > 0) {
                object.write(output.array(), 0, output.position());
            }
            return ended;
        }
    }
}
