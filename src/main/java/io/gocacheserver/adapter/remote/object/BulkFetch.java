package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.LocalDiskException;
import io.gocacheserver.adapter.disk.NamelessExecutableException;
import io.gocacheserver.adapter.disk.ObjectMismatchException;
import io.gocacheserver.adapter.http.BytesBody;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.access.Failure;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.adapter.zstd.BrokenFrameException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.BulkFrame;
import io.gocacheserver.wire.MalformedMessageException;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * One bulk read: asks for many actions at once and takes their objects to local disk as they come ({@link BulkFrame}).
 * It takes a buffer or two of memory.
 */
public final class BulkFetch {

    private final ServiceAccess service;
    private final ObjectStore store;
    private final Gate gate;
    private final List<ActionId> actions;
    private final BulkReceiver receiver;
    private final boolean zstd;
    private int next;
    private long objectBytes;
    private long transferred;
    private @Nullable String failure;
    private volatile @Nullable HttpResponse answer;
    private volatile boolean ended;

    /**
     * @param gate has let the request pass
     * @param actions not empty
     */
    public BulkFetch(
            ServiceAccess service,
            ObjectStore store,
            Gate gate,
            List<ActionId> actions,
            BulkReceiver receiver) {
        this.service = service;
        this.store = store;
        this.gate = gate;
        this.actions = actions;
        this.receiver = receiver;
        this.zstd = service.decoders.available();
    }

    /**
     * Carries it out. The receiver has been told of the first {@link #received()} actions then.
     *
     * @param maxBytes as many bytes of objects are sent
     * @param patience longest time that it takes if nothing comes
     * @param longest longest time that it takes in all
     */
    public BulkOutcome run(long maxBytes, Duration patience, Duration longest) {
        HttpRequest request =
                HttpRequest.post(
                        WirePaths.BULK + "?max-bytes=" + maxBytes,
                        service.bulkHeaders(),
                        new BytesBody(ActionList.encode(actions)));
        BulkOutcome outcome;
        // A service that sent objects works. When a proxy ends all streams at once, the Gets shall
        // go on.
        boolean brokeOff = false;
        try (HttpResponse response = service.client.send(request, patience, longest)) {
            answer = response;
            int status = response.status();
            if (status == Status.NOT_FOUND
                    || status == Status.NOT_ALLOWED
                    || status == Status.BAD_REQUEST) {
                service.learn(Trait.NO_BULK_READS);
                gate.answered();
                return BulkOutcome.UNSUPPORTED;
            }
            if (status != Status.OK) {
                Failure refusal = Failure.of(response, service.withToken);
                failure = refusal.reason();
                gate.failed(refusal);
                return BulkOutcome.FAILED;
            }
            outcome = receive(response, maxBytes);
        } catch (IOException e) {
            failure = reason(e);
            outcome = BulkOutcome.FAILED;
            brokeOff = next > 0;
        } catch (RuntimeException e) {
            failure = reason(e);
            outcome = BulkOutcome.FAILED;
        }
        if (outcome == BulkOutcome.COMPLETE || ended || brokeOff) {
            gate.answered();
        } else {
            gate.failed();
        }
        return outcome;
    }

    /** Of how many actions, from the first, the receiver has been told. */
    public int received() {
        return next;
    }

    /** Bytes of the answer. */
    public long transferred() {
        return transferred;
    }

    /** Why it failed, or null. */
    public @Nullable String failure() {
        return failure;
    }

    /** Ends it, from another thread. */
    public void end() {
        ended = true;
        HttpResponse response = answer;
        if (response != null) {
            response.abort();
        }
    }

    private BulkOutcome receive(HttpResponse response, long maxBytes) throws IOException {
        String type = response.header("Content-Type");
        if (type != null && type.startsWith("text/html")) {
            throw new MalformedMessageException("it answered with a web page: check the URL");
        }
        BulkInput in = new BulkInput(response, receiver);
        byte[] head = new byte[BulkFrame.HIT_LENGTH];
        try {
            while (!ended) {
                in.readFully(head, BulkFrame.HEAD_LENGTH);
                int kind = BulkFrame.kind(head, 0);
                int index = BulkFrame.index(head, 0);
                if (kind == BulkFrame.END) {
                    check(index == next && next == actions.size());
                    service.learn(Trait.CACHE);
                    return BulkOutcome.COMPLETE;
                }
                check(index == next && next < actions.size());
                frame(kind, index, in, head, maxBytes);
                next++;
            }
            return BulkOutcome.FAILED;
        } finally {
            transferred = in.total();
        }
    }

    private static void check(boolean inOrder) {
        if (!inOrder) {
            throw new MalformedMessageException("it answered a bulk read out of order");
        }
    }

    private void frame(int kind, int index, BulkInput in, byte[] head, long maxBytes)
            throws IOException {
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
            case BulkFrame.TOO_LARGE, BulkFrame.NOT_SENT -> receiver.leftOut(index);
            default -> throw new MalformedMessageException("it sent a frame of kind " + kind);
        }
    }

    private void hit(int index, BulkFrame.Hit hit, BulkInput in) throws IOException {
        boolean coded = hit.coding() == BulkFrame.ZSTD;
        if (coded && !zstd) {
            throw new MalformedMessageException("it sent zstd, which was not asked for");
        }
        AnnouncedObject announced =
                new AnnouncedObject(hit.output(), hit.size(), hit.length(), coded, hit.unixNanos());
        if (!receiver.begins(index)) {
            receiver.leftOut(index);
            return;
        }
        FetchResult result;
        try {
            CachedObject object = store.store(actions.get(index), announced, in);
            service.learn(Trait.PROVEN);
            service.known.add(object.output());
            result = new FetchResult.Hit(object, hit.length());
        } catch (NamelessExecutableException e) {
            receiver.leftOut(index);
            return;
        } catch (LocalDiskException e) {
            result = new FetchResult.DiskFailed(reason(e));
        } catch (ObjectMismatchException | BrokenFrameException e) {
            result = new FetchResult.ServiceFailed("it sent something else: " + reason(e));
        }
        receiver.came(index, result);
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
