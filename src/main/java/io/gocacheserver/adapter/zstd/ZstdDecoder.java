package io.gocacheserver.adapter.zstd;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import io.gocacheserver.adapter.disk.StagedObject;
import io.gocacheserver.adapter.http.ByteSource;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

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
final class ZstdDecoder implements Closeable {

    private static final int MAX_WINDOW_LOG = 23;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx().setLongMax(MAX_WINDOW_LOG);
    private final ByteBuffer input = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer output = ByteBuffer.allocate(BUFFER_BYTES);

    /**
     * Appends the content of the whole of {@code body} to {@code object}, which ends it at the announced size.
     *
     * @throws BrokenFrameException if the body is anything but one frame
     */
    void decode(ByteSource body, StagedObject object) throws IOException {
        boolean ended = false;
        input.clear().flip();
        while (!ended) {
            if (!input.hasRemaining() && !fill(body)) {
                throw new BrokenFrameException("it sent a zstd frame that ends too soon", null);
            }
            do {
                ended = step(object);
                body.requireTime();
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
    private boolean fill(ByteSource body) throws IOException {
        int filled = 0;
        int count = 0;
        while (count >= 0 && filled < BUFFER_BYTES) {
            filled += count;
            count = body.read(input.array(), filled, BUFFER_BYTES - filled);
        }
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
