package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.LocalDiskException;
import io.gocacheserver.adapter.disk.NamelessExecutableException;
import io.gocacheserver.adapter.disk.ObjectMismatchException;
import io.gocacheserver.adapter.http.ByteSource;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.adapter.zstd.BrokenFrameException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.BulkFrame;
import io.gocacheserver.wire.MalformedMessageException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The objects of many actions in one answer ({@link BulkFrame}): takes them to local disk as they come. All that comes has a
 * bound.
 */
public final class ObjectFrames {

    /** Twice as many as a service keeps of one build. */
    private static final int MOST_LISTED = 65_536;

    /** Objects up to this size, as they are sent, are in memory until they are stored. */
    private static final int SMALL_BYTES = 64 * 1024;

    /** The Go command's own. */
    private static final int ID_BYTES = 32;

    private final ServiceAccess service;
    private final ObjectStore store;
    private final BulkReceiver receiver;
    private final long maxBytes;
    private final Executor storing;
    private List<ActionId> actions = List.of();
    private int waiting;
    private int next;
    private long objectBytes;
    private long transferred;
    private volatile @Nullable HttpResponse answer;
    private volatile boolean ended;

    /**
     * Takes the objects of one answer.
     *
     * @param maxBytes of objects that may come, as they are sent
     * @param storing stores small objects while others come
     */
    public ObjectFrames(
            ServiceAccess service,
            ObjectStore store,
            BulkReceiver receiver,
            long maxBytes,
            Executor storing) {
        this.service = service;
        this.store = store;
        this.receiver = receiver;
        this.maxBytes = maxBytes;
        this.storing = storing;
    }

    /** Reads the whole answer, which begins with a list of its actions, unless it is ended. */
    public void receive(HttpResponse response) throws IOException {
        answer = response;
        String type = response.header("Content-Type");
        if (type != null && type.startsWith("text/html")) {
            throw new MalformedMessageException("it answered with a web page: check the URL");
        }
        BulkInput in = new BulkInput(response, receiver);
        try {
            actions = list(in);
            receiver.listed(actions);
            frames(in);
        } finally {
            transferred = in.total();
            awaitStored();
        }
    }

    /** Of how many actions, from the first, the receiver has been told. */
    public int received() {
        return next;
    }

    /** Bytes of the answer. */
    public long transferred() {
        return transferred;
    }

    /** Ends it, from another thread. */
    public void end() {
        ended = true;
        HttpResponse response = answer;
        if (response != null) {
            response.abort();
        }
    }

    private static List<ActionId> list(BulkInput in) throws IOException {
        byte[] head = new byte[Integer.BYTES];
        in.readFully(head, head.length);
        long length = BulkFrame.listLength(head);
        if (length > ActionList.HEADER_LENGTH + (long) MOST_LISTED * ID_BYTES) {
            throw new MalformedMessageException("it listed " + length + " bytes of actions");
        }
        byte[] message = new byte[(int) length];
        in.readFully(message, message.length);
        ActionList list = ActionList.decode(message);
        List<ActionId> actions = new ArrayList<>(list.size());
        for (int i = 0; i < list.size() && i < MOST_LISTED; i++) {
            actions.add(list.get(i));
        }
        return actions;
    }

    private void frames(BulkInput in) throws IOException {
        byte[] head = new byte[BulkFrame.HIT_LENGTH];
        while (!ended) {
            in.readFully(head, BulkFrame.HEAD_LENGTH);
            int kind = BulkFrame.kind(head, 0);
            int index = BulkFrame.index(head, 0);
            boolean isEnd = kind == BulkFrame.END;
            if (index != next || isEnd != (next == actions.size())) {
                throw new MalformedMessageException("it answered a bulk read out of order");
            }
            if (isEnd) {
                service.learn(Trait.CACHE);
                return;
            }
            frame(kind, index, in, head);
            next++;
        }
    }

    private void frame(int kind, int index, BulkInput in, byte[] head) throws IOException {
        switch (kind) {
            case BulkFrame.HIT -> {
                in.readFully(head, BulkFrame.HIT_LENGTH);
                BulkFrame.Hit hit = BulkFrame.hit(head, 0);
                objectBytes += hit.length();
                if (objectBytes > maxBytes || objectBytes < 0) {
                    throw new MalformedMessageException("it sent more than was asked for");
                }
                in.beginObject(hit.length());
                hit(index, hit, in);
                in.endObject();
            }
            case BulkFrame.ABSENT -> receiver.came(index, new FetchResult.Miss());
            case BulkFrame.FAILED ->
                    receiver.came(
                            index, new FetchResult.ServiceFailed("it could not read the object"));
            case BulkFrame.NOT_SENT -> receiver.leftOut(index);
            default -> throw new MalformedMessageException("it sent a frame of kind " + kind);
        }
    }

    private void hit(int index, BulkFrame.Hit hit, BulkInput in) throws IOException {
        boolean coded = hit.coding() == BulkFrame.ZSTD;
        if (coded && !service.decoders.available()) {
            throw new MalformedMessageException("it sent zstd, which was not asked for");
        }
        AnnouncedObject announced =
                new AnnouncedObject(hit.output(), hit.size(), hit.length(), coded, hit.unixNanos());
        if (!receiver.begins(index)) {
            receiver.leftOut(index);
            return;
        }
        if (announced.length() > SMALL_BYTES) {
            store(index, announced, in);
            return;
        }
        byte[] bytes = new byte[(int) announced.length()];
        in.fill(bytes, bytes.length);
        synchronized (this) {
            waiting++;
        }
        Runnable task = () -> storeSmall(index, announced, bytes);
        try {
            storing.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private void storeSmall(int index, AnnouncedObject announced, byte[] bytes) {
        try {
            store(index, announced, new BytesSource(bytes));
        } catch (IOException | RuntimeException e) {
            receiver.came(index, new FetchResult.ServiceFailed(reason(e)));
        } finally {
            synchronized (this) {
                waiting--;
                notifyAll();
            }
        }
    }

    /** Each takes a moment only. */
    private synchronized void awaitStored() throws IOException {
        try {
            while (waiting > 0) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private void store(int index, AnnouncedObject announced, ByteSource from) throws IOException {
        FetchResult result;
        try {
            CachedObject object = store.store(actions.get(index), announced, from);
            service.learn(Trait.PROVEN);
            service.known.add(object.output());
            result = new FetchResult.Hit(object, announced.length());
        } catch (NamelessExecutableException e) {
            receiver.leftOut(index);
            return;
        } catch (UnwantedObjectException e) {
            result = new FetchResult.Miss();
        } catch (LocalDiskException e) {
            result = new FetchResult.DiskFailed(reason(e));
        } catch (ObjectMismatchException | BrokenFrameException e) {
            result = new FetchResult.ServiceFailed("it sent something else: " + reason(e));
        }
        receiver.came(index, result);
    }

    /** An object that has come. */
    private static final class BytesSource implements ByteSource {

        private final byte[] bytes;
        private int position;

        BytesSource(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read(byte[] target, int from, int length) {
            int count = Math.min(length, bytes.length - position);
            System.arraycopy(bytes, position, target, from, count);
            position += count;
            return count == 0 ? -1 : count;
        }

        @Override
        public void requireTime() {
            // All of it is here.
        }
    }

    static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
