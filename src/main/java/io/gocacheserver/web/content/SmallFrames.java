package io.gocacheserver.web.content;

import com.github.luben.zstd.ZstdDecompressCtx;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.web.content.ContentReader.UnreadableContentException;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Decodes objects that are in memory, in one step. A pool keeps zstd's contexts: a new one takes 8 µs, three times as long as
 * decoding a small object. The pool has as many as threads can decode at the same time; each holds some 100 KB.
 */
public final class SmallFrames implements AutoCloseable {

    private static final long MAX_SIZE = 128 * 1024;

    private final BlockingQueue<ZstdDecompressCtx> contexts =
            new ArrayBlockingQueue<>(2 * Runtime.getRuntime().availableProcessors());

    public static boolean areSmall(Content.InMemory memory, Coding coding) {
        return coding == memory.coding() || memory.size() <= MAX_SIZE;
    }

    /** The whole of an object in this coding. Not to be changed. */
    public byte[] bytes(Content.InMemory memory, Coding coding) throws UnreadableContentException {
        return coding == memory.coding() ? memory.stored() : decode(memory);
    }

    private byte[] decode(Content.InMemory memory) throws UnreadableContentException {
        byte[] object = new byte[(int) memory.size()];
        ZstdDecompressCtx kept = contexts.poll();
        ZstdDecompressCtx context = kept == null ? new ZstdDecompressCtx() : kept;
        try {
            int length = context.decompress(object, memory.stored());
            if (length != object.length) {
                throw new EOFException("its zstd frame holds only %d bytes".formatted(length));
            }
        } catch (IOException | RuntimeException e) {
            context.close();
            throw new UnreadableContentException(e);
        }
        if (!contexts.offer(context)) {
            context.close();
        }
        return object;
    }

    @Override
    public void close() {
        for (ZstdDecompressCtx context = contexts.poll();
                context != null;
                context = contexts.poll()) {
            context.close();
        }
    }
}
