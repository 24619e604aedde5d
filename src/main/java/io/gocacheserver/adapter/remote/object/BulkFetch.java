package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.adapter.http.BytesBody;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.access.Failure;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** One bulk read: asks for many actions at once and takes their objects to local disk as they come. */
public final class BulkFetch {

    private final ServiceAccess service;
    private final Gate gate;
    private final List<ActionId> actions;
    private final ObjectFrames frames;
    private @Nullable String failure;

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
        this.gate = gate;
        this.actions = actions;
        this.frames = new ObjectFrames(service, store, receiver, Long.MAX_VALUE, null);
    }

    /**
     * Carries it out.
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
        // A service that sent objects works. When a proxy ends all streams at once, the Gets shall
        // go on.
        try (HttpResponse response = service.client.send(request, patience, longest)) {
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
            frames.receive(response, actions);
            gate.answered();
            return BulkOutcome.COMPLETE;
        } catch (IOException | RuntimeException e) {
            failure = ObjectFrames.reason(e);
            if (e instanceof IOException && frames.received() > 0) {
                gate.answered();
            } else {
                gate.failed();
            }
            return BulkOutcome.FAILED;
        }
    }

    /** Why it failed, or null. */
    public @Nullable String failure() {
        return failure;
    }
}
