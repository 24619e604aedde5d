package io.gocacheserver.web.prefetch;

import io.gocacheserver.cache.ReadAhead;
import io.gocacheserver.cache.ReadAhead.Answer;
import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.UnixNanos;
import io.gocacheserver.web.Traffic;
import io.gocacheserver.web.content.ContentReader;
import io.gocacheserver.web.content.Executables;
import io.gocacheserver.web.content.Representation;
import io.gocacheserver.web.content.SmallFrames;
import io.gocacheserver.web.content.UnreadableContentException;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.BulkFrame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * One answer to the start of a build: the list of its actions, then a frame for each ({@link BulkFrame}). Objects go through
 * one buffer, in pieces; while it is written no row and no lock is held. The last piece of an object is sent only when the
 * object was read to its end without an error. An error after the beginning was sent ends the answer.
 */
final class PrefetchAnswer {

    /** Memory of an answer beside the list: objects read ahead, the buffer, a decoded object, and the connection's own. */
    static final long MEMORY_BYTES = 512 * 1024;

    private final ActionList actions;
    private final ReadAhead lookups;
    private final Terms terms;
    private final FrameBuffer out;
    private final Shared shared;
    private long sent;

    /**
     * The terms of a request.
     *
     * @param zstd whether the client takes objects as they are stored
     * @param executables whether the client takes executables
     * @param maxBytes of objects, as they are sent, after which the rest is not sent
     * @param meter counts the bytes of the list and of each object before they are sent
     */
    record Terms(boolean zstd, boolean executables, long maxBytes, LongConsumer meter) {}

    /**
     * Parts that all answers share.
     *
     * @param ending whether the service is about to end
     */
    record Shared(
            Traffic traffic,
            PrefetchMeters meters,
            SmallFrames frames,
            RateLimitedLog rateLimitedLog,
            BooleanSupplier ending) {}

    PrefetchAnswer(
            ActionList actions, ReadAhead lookups, Terms terms, FrameBuffer out, Shared shared) {
        this.actions = actions;
        this.lookups = lookups;
        this.terms = terms;
        this.out = out;
        this.shared = shared;
    }

    /**
     * Sends all of it.
     *
     * @throws IOException if the client has gone or is too slow, or an object cannot be read to its end
     */
    void send() throws IOException, InterruptedException {
        byte[] list = actions.encoded();
        terms.meter().accept(list.length);
        out.put(ByteBuffer.allocate(Integer.BYTES).putInt(list.length).array());
        out.put(list);
        out.flush();
        boolean full = false;
        for (int index = 0; index < actions.size(); index++) {
            full |= shared.ending().getAsBoolean();
            if (full) {
                frame(BulkFrame.NOT_SENT, index);
                continue;
            }
            if (!lookups.isReady()) {
                out.flush();
            }
            full = !send(index, lookups.take());
        }
        frame(BulkFrame.END, actions.size());
        out.flush();
    }

    /** Returns false if the byte budget does not allow it. */
    private boolean send(int index, Answer answer) throws IOException {
        return switch (answer) {
            case Answer.Absent _ -> frame(BulkFrame.ABSENT, index);
            case Answer.Failed(String reason) -> failed(index, reason);
            case Answer.Found(Lookup.Hit hit) when terms.executables() -> send(index, hit);
            case Answer.Found(Lookup.Hit hit) -> {
                Coding wanted = terms.zstd() ? Coding.ZSTD : Coding.IDENTITY;
                yield switch (Executables.hide(hit, wanted, shared.frames())) {
                    case Lookup.Miss _ -> frame(BulkFrame.ABSENT, index);
                    case Lookup.Hit shown -> send(index, shown);
                };
            }
        };
    }

    private boolean send(int index, Lookup.Hit hit) throws IOException {
        Content content = hit.content();
        Coding coding = terms.zstd() ? content.coding() : Coding.IDENTITY;
        Representation representation = new Representation(hit.entry().output(), content, coding);
        long length = representation.length();
        try {
            if (length > terms.maxBytes() - sent) {
                frame(BulkFrame.NOT_SENT, index);
                return false;
            }
            out.require(BulkFrame.HEAD_LENGTH + BulkFrame.HIT_LENGTH);
            long mark = out.mark();
            putHit(index, hit.entry(), coding, length);
            terms.meter().accept(length);
            try {
                put(representation, length);
            } catch (UnreadableContentException e) {
                if (out.takeBack(mark)) {
                    return failed(index, String.valueOf(e.getMessage()));
                }
                throw new IOException(
                        "object %s: %s".formatted(hit.entry().output(), e.getMessage()), e);
            }
        } finally {
            content.discard();
        }
        sent += length;
        shared.traffic().sent(length, content.size());
        shared.meters().sent(BulkFrame.HIT);
        return true;
    }

    private void putHit(int index, Entry entry, Coding coding, long length) {
        int position = out.position();
        BulkFrame.putHead(out.bytes(), position, BulkFrame.HIT, index);
        BulkFrame.putHit(
                out.bytes(),
                position + BulkFrame.HEAD_LENGTH,
                new BulkFrame.Hit(
                        switch (coding) {
                            case IDENTITY -> BulkFrame.IDENTITY;
                            case ZSTD -> BulkFrame.ZSTD;
                        },
                        entry.output(),
                        entry.size(),
                        UnixNanos.of(entry.time()),
                        length));
        out.advance(BulkFrame.HEAD_LENGTH + BulkFrame.HIT_LENGTH);
    }

    private void put(Representation representation, long length) throws IOException {
        if (representation.content() instanceof Content.InMemory memory
                && SmallFrames.areSmall(memory, representation.coding())) {
            out.put(shared.frames().bytes(memory, representation.coding()));
            return;
        }
        if (length == 0) {
            return;
        }
        try (ContentReader in = ContentReader.open(representation, 0)) {
            long left = length;
            while (left > 0) {
                int n = (int) Math.min(out.room(), left);
                in.read(out.bytes(), out.position(), n);
                left -= n;
                if (left == 0) {
                    in.requireEnd();
                }
                out.advance(n);
            }
        }
    }

    private boolean failed(int index, String reason) throws IOException {
        shared.rateLimitedLog().warn("start of a build, " + actions.get(index) + ": " + reason);
        return frame(BulkFrame.FAILED, index);
    }

    private boolean frame(int kind, int index) throws IOException {
        out.require(BulkFrame.HEAD_LENGTH);
        BulkFrame.putHead(out.bytes(), out.position(), kind, index);
        out.advance(BulkFrame.HEAD_LENGTH);
        shared.meters().sent(kind);
        return true;
    }
}
