package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.MalformedMessageException;
import io.gocacheserver.wire.PrefetchFrame;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;

/**
 * The objects of many actions in one answer ({@link PrefetchFrame}): takes them to local disk as they come. All that comes has a
 * bound.
 */
final class ObjectFrames {

    /** Twice as many as a service keeps of one build. */
    private static final int MOST_LISTED = 65_536;

    /** Objects up to this size, as they are sent, are in memory until they are stored. */
    private static final int SMALL_BYTES = 64 * 1024;

    private static final int ID_BYTES = 32;

    private final Prefetch prefetch;
    private final InputStream in;
    private final Phaser stored = new Phaser(1);
    private List<ActionId> actions = List.of();
    private long objectBytes;
    private long transferred;

    ObjectFrames(Prefetch prefetch, InputStream answer) {
        this.prefetch = prefetch;
        this.in = answer;
    }

    /** Reads the whole answer, which begins with a list of its actions; how many bytes that were is told in any case. */
    void receive() throws IOException {
        try {
            actions = list();
            prefetch.listed(actions);
            frames();
        } finally {
            prefetch.transferred(transferred);
            stored.arriveAndAwaitAdvance(); // each takes a moment only
        }
    }

    private List<ActionId> list() throws IOException {
        long length = PrefetchFrame.listLength(read(new byte[Integer.BYTES], Integer.BYTES));
        if (length > ActionList.HEADER_LENGTH + (long) MOST_LISTED * ID_BYTES) {
            throw new MalformedMessageException("it listed " + length + " bytes of actions");
        }
        ActionList list = ActionList.decode(read(new byte[(int) length], (int) length));
        List<ActionId> listed = new ArrayList<>(list.size());
        for (int i = 0; i < list.size() && i < MOST_LISTED; i++) {
            listed.add(list.get(i));
        }
        return listed;
    }

    private byte[] read(byte[] target, int length) throws IOException {
        if (in.readNBytes(target, 0, length) < length) {
            throw new EOFException("the service's answer ended too soon");
        }
        transferred += length;
        return target;
    }

    private void frames() throws IOException {
        byte[] head = new byte[PrefetchFrame.HIT_LENGTH];
        for (int index = 0; index <= actions.size(); index++) {
            read(head, PrefetchFrame.HEAD_LENGTH);
            int kind = PrefetchFrame.kind(head, 0);
            boolean isEnd = kind == PrefetchFrame.END;
            if (PrefetchFrame.index(head, 0) != index || isEnd != (index == actions.size())) {
                throw new MalformedMessageException("it answered out of order");
            }
            switch (kind) {
                case PrefetchFrame.END -> prefetch.service.learn(Trait.CACHE);
                case PrefetchFrame.HIT -> hit(index, PrefetchFrame.hit(read(head, head.length), 0));
                case PrefetchFrame.ABSENT -> prefetch.came(index, new FetchResult.Miss());
                case PrefetchFrame.FAILED, PrefetchFrame.NOT_SENT -> prefetch.came(index, null);
                default -> throw new MalformedMessageException("it sent a frame of kind " + kind);
            }
        }
    }

    private void hit(int index, PrefetchFrame.Hit hit) throws IOException {
        objectBytes += hit.length();
        boolean coded = hit.coding() == PrefetchFrame.ZSTD;
        if (objectBytes > prefetch.settings.maxBytes()
                || objectBytes < 0
                || (coded && !prefetch.service.decoders.available())) {
            throw new MalformedMessageException("it sent what was not asked for");
        }
        AnnouncedObject announced =
                new AnnouncedObject(hit.output(), hit.size(), hit.length(), coded, hit.unixNanos());
        if (!prefetch.wants(index)) {
            in.skipNBytes(hit.length());
            prefetch.came(index, null);
        } else if (hit.length() <= SMALL_BYTES) {
            byte[] bytes = new byte[(int) hit.length()];
            read(bytes, bytes.length);
            storeBehind(index, announced, bytes);
        } else {
            ObjectInput object = new ObjectInput(hit.length());
            prefetch.came(index, prefetch.store.store(actions.get(index), announced, object));
            object.skipNBytes(object.left);
        }
    }

    private void storeBehind(int index, AnnouncedObject announced, byte[] bytes) {
        stored.register();
        Runnable task =
                () -> {
                    FetchResult result = null;
                    try {
                        InputStream object = new ByteArrayInputStream(bytes);
                        result = prefetch.store.store(actions.get(index), announced, object);
                    } catch (IOException | RuntimeException e) {
                        return;
                    } finally {
                        prefetch.came(index, result);
                        stored.arriveAndDeregister();
                    }
                };
        try {
            prefetch.background.storing().execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    /** One large object, which ends where its frame ends. */
    private final class ObjectInput extends InputStream {

        private long left;

        ObjectInput(long length) {
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (left == 0 && length > 0) {
                return -1;
            }
            int count = in.read(target, from, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the service's answer ended within an object");
            }
            left -= count;
            transferred += count;
            prefetch.progressed(0);
            return count;
        }
    }
}
