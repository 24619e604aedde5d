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
import io.gocacheserver.web.content.ContentReader.UnreadableContentException;
import io.gocacheserver.web.content.Executables;
import io.gocacheserver.web.content.Representation;
import io.gocacheserver.web.content.SmallFrames;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.PrefetchFrame;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * One answer to the start of a build: the list of its actions, then a frame for each ({@link PrefetchFrame}). Objects go through
 * one buffer, in pieces; while it is written no row and no lock is held. The last piece of an object is sent only when the
 * object was read to its end without an error. An error within an object ends the answer.
 */
final class PrefetchAnswer {

    /** Memory of an answer beside the list: objects read ahead, buffers, a decoded object, and the connection's own. */
    static final long MEMORY_BYTES = 512 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final ActionList actions;
    private final ReadAhead lookups;
    private final Terms terms;
    private final OutputStream out;
    private final Shared shared;
    private final long deadline = System.nanoTime() + TIMEOUT.toNanos();
    private final byte[] head = new byte[PrefetchFrame.HEAD_LENGTH + PrefetchFrame.HIT_LENGTH];
    private final byte[] piece = new byte[BUFFER_BYTES];
    private long sent;

    /**
     * The terms of an answer.
     *
     * @param executables whether the client stores executables so that they run
     * @param common whether the list is that of other modules, whose programs are left to be asked for
     * @param maxBytes of objects as they are sent
     * @param meter counts bytes before they are sent
     */
    record Terms(
            boolean zstd, boolean executables, boolean common, long maxBytes, LongConsumer meter) {}

    record Shared(
            Traffic traffic,
            Prefetches.Meters meters,
            SmallFrames frames,
            RateLimitedLog rateLimitedLog,
            BooleanSupplier ending) {}

    PrefetchAnswer(
            ActionList actions, ReadAhead lookups, Terms terms, OutputStream out, Shared shared) {
        this.actions = actions;
        this.lookups = lookups;
        this.terms = terms;
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
        this.shared = shared;
    }

    void send() throws IOException, InterruptedException {
        byte[] list = actions.encoded();
        terms.meter().accept(list.length);
        out.write(ByteBuffer.allocate(Integer.BYTES).putInt(list.length).array());
        out.write(list);
        out.flush();
        boolean full = false;
        for (int index = 0; index < actions.size(); index++) {
            requireTime();
            full |= shared.ending().getAsBoolean();
            if (full) {
                frame(PrefetchFrame.NOT_SENT, index);
                continue;
            }
            if (!lookups.isReady()) {
                out.flush();
            }
            full = !send(index, lookups.take());
        }
        frame(PrefetchFrame.END, actions.size());
        out.flush();
    }

    /** Returns false if the byte budget does not allow it. */
    private boolean send(int index, Answer answer) throws IOException {
        return switch (answer) {
            case Answer.Done(Lookup.Miss _) -> frame(PrefetchFrame.ABSENT, index);
            case Answer.Failed(String reason) -> failed(index, reason);
            case Answer.Done(Lookup.Hit hit) when terms.executables() && !terms.common() ->
                    send(index, hit);
            case Answer.Done(Lookup.Hit hit) -> {
                Coding wanted = terms.zstd() ? Coding.ZSTD : Coding.IDENTITY;
                yield switch (Executables.hide(hit, wanted, shared.frames())) {
                    case Lookup.Miss _ ->
                            frame(
                                    terms.executables()
                                            ? PrefetchFrame.NOT_SENT
                                            : PrefetchFrame.ABSENT,
                                    index);
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
                frame(PrefetchFrame.NOT_SENT, index);
                return false;
            }
            if (content instanceof Content.InMemory memory
                    && SmallFrames.areSmall(memory, coding)) {
                byte[] bytes = shared.frames().bytes(memory, coding);
                putHit(index, hit.entry(), coding, length);
                out.write(bytes);
            } else {
                try (ContentReader in = ContentReader.open(representation, 0)) {
                    putHit(index, hit.entry(), coding, length);
                    copy(in, hit.entry(), length);
                }
            }
        } catch (UnreadableContentException e) {
            return failed(index, String.valueOf(e.getMessage()));
        } finally {
            content.discard();
        }
        sent += length;
        shared.traffic().sent(length, content.size());
        shared.meters().sent(PrefetchFrame.HIT);
        return true;
    }

    private void putHit(int index, Entry entry, Coding coding, long length) throws IOException {
        terms.meter().accept(length);
        PrefetchFrame.putHead(head, 0, PrefetchFrame.HIT, index);
        PrefetchFrame.putHit(
                head,
                PrefetchFrame.HEAD_LENGTH,
                new PrefetchFrame.Hit(
                        switch (coding) {
                            case IDENTITY -> PrefetchFrame.IDENTITY;
                            case ZSTD -> PrefetchFrame.ZSTD;
                        },
                        entry.output(),
                        entry.size(),
                        UnixNanos.of(entry.time()),
                        length));
        out.write(head);
    }

    private void copy(ContentReader in, Entry entry, long length) throws IOException {
        long left = length;
        try {
            while (left > 0) {
                requireTime();
                int n = (int) Math.min(piece.length, left);
                in.read(piece, n);
                left -= n;
                if (left == 0) {
                    in.requireEnd();
                }
                out.write(piece, 0, n);
            }
        } catch (UnreadableContentException e) {
            throw new IOException("object %s: %s".formatted(entry.output(), e.getMessage()), e);
        }
    }

    private void requireTime() throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new IOException("the client took too long");
        }
    }

    private boolean failed(int index, String reason) throws IOException {
        shared.rateLimitedLog().warn("start of a build, " + actions.get(index) + ": " + reason);
        return frame(PrefetchFrame.FAILED, index);
    }

    private boolean frame(int kind, int index) throws IOException {
        PrefetchFrame.putHead(head, 0, kind, index);
        out.write(head, 0, PrefetchFrame.HEAD_LENGTH);
        shared.meters().sent(kind);
        return true;
    }
}
