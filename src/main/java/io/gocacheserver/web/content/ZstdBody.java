package io.gocacheserver.web.content;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.ObjectMismatchException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * The body of a Put that is one zstd frame (RFC 8878), with nothing behind it: reads as what the frame holds. A frame may have
 * a window of up to 8 MiB, the most that RFC 9659 allows in a content coding.
 */
public final class ZstdBody extends InputStream implements Coding.Body {

    public static final long MAX_WINDOW = 1 << 23;

    private static final int MAX_WINDOW_LOG = 23;
    private static final int BUFFER_BYTES = 32 * 1024;

    private final InputStream body;
    private final ZstdDecompressCtx decoder = new ZstdDecompressCtx().setLongMax(MAX_WINDOW_LOG);
    private final ByteBuffer input;
    private OutputStream copy = OutputStream.nullOutputStream();
    private boolean ended;

    public ZstdBody(InputStream body, long length) {
        this.body = body;
        input = ByteBuffer.allocate(Math.clamp(length, 1, BUFFER_BYTES)).limit(0);
    }

    @Override
    public boolean copyFrameTo(OutputStream copy) {
        this.copy = copy;
        return true;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        ByteBuffer output = ByteBuffer.wrap(target, offset, length).slice();
        // What is in the decoder comes first: it may hold more than the output took the last time.
        boolean hasMore = true;
        while (!ended && output.position() == 0 && length > 0) {
            if (!input.hasRemaining() && !hasMore && !fill()) {
                throw new ObjectMismatchException("the zstd frame ends too soon");
            }
            ended = decode(output);
            hasMore = false;
        }
        if (output.position() > 0 || length == 0) {
            return output.position();
        }
        if (input.hasRemaining() || fill()) {
            throw new ObjectMismatchException("something comes after the zstd frame");
        }
        return -1;
    }

    /** Frees the decoder; the body is the request's. */
    @Override
    public void close() {
        decoder.close();
    }

    private boolean fill() throws IOException {
        int count = body.read(input.array(), 0, input.capacity());
        if (count > 0) {
            copy.write(input.array(), 0, count);
        }
        input.position(0).limit(Math.max(0, count));
        return count > 0;
    }

    private boolean decode(ByteBuffer output) throws ObjectMismatchException {
        try {
            return decoder.decompressByteBufferStream(output, input);
        } catch (ZstdException e) {
            throw new ObjectMismatchException("not a zstd frame: " + e.getMessage());
        }
    }
}
