package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.LocalDiskException;
import io.gocacheserver.adapter.disk.ObjectMismatchException;
import io.gocacheserver.adapter.http.ByteSource;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.access.Failure;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.TimeBudget;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.WirePaths;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Fetches objects to local disk. An answer counts as a hit only when its bytes have the announced length and hash to the
 * announced output ID.
 */
public final class ObjectFetch {

    private final ServiceAccess service;
    private final ObjectStore store;
    private final Gate gate;
    private volatile boolean webPageForMiss;

    public ObjectFetch(ServiceAccess service, ObjectStore store, Gate gate) {
        this.service = service;
        this.store = store;
        this.gate = gate;
    }

    /** Asks for an object; the gate has let it pass. */
    public FetchResult fetch(ActionId action, TimeBudget.Wait wait) {
        FetchResult result;
        HttpRequest request = HttpRequest.get(WirePaths.action(action), service.getHeaders());
        Duration patience = wait.limit();
        try (HttpResponse response =
                service.client.send(request, patience, service.longest(patience))) {
            int status = response.status();
            if (status != Status.OK && status != Status.NOT_FOUND) {
                Failure failure = Failure.of(response, service.withToken);
                gate.failed(failure);
                return new FetchResult.ServiceFailed(failure.reason());
            }
            result = status == Status.OK ? receive(action, response, wait) : miss(response);
        } catch (UnwantedObjectException e) {
            result = new FetchResult.Miss();
        } catch (LocalDiskException e) {
            result = new FetchResult.DiskFailed(reason(e));
        } catch (ObjectMismatchException e) {
            result = new FetchResult.ServiceFailed("it sent something else: " + reason(e));
        } catch (IOException | RuntimeException e) {
            result = new FetchResult.ServiceFailed(reason(e));
        }
        if (result instanceof FetchResult.ServiceFailed) {
            gate.failed();
        } else {
            gate.answered();
        }
        return result;
    }

    /** Whether all that came was web pages which say that there is nothing: likely not a service at all. */
    public boolean sawOnlyWebPages() {
        return webPageForMiss && !service.is(Trait.CACHE);
    }

    private FetchResult miss(HttpResponse response) {
        String type = response.header("Content-Type");
        if (type != null && type.startsWith("text/html")) {
            webPageForMiss = true;
        } else {
            service.learn(Trait.CACHE);
        }
        return new FetchResult.Miss();
    }

    private FetchResult receive(ActionId action, HttpResponse response, TimeBudget.Wait wait)
            throws IOException {
        AnnouncedObject announced;
        try {
            announced = ObjectHeaders.read(response, service.decoders.available());
        } catch (IllegalArgumentException e) {
            return new FetchResult.ServiceFailed(reason(e));
        }
        service.learn(Trait.CACHE);
        ByteSource body = service.is(Trait.PROVEN) ? new CountedBody(response, wait) : response;
        CachedObject object = store.store(action, announced, body);
        service.learn(Trait.PROVEN);
        service.known.add(object.output());
        return new FetchResult.Hit(object, response.contentLength());
    }

    /** A body whose bytes speak for the service. */
    private record CountedBody(ByteSource body, TimeBudget.Wait waiting) implements ByteSource {

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int count = body.read(target, from, length);
            waiting.came(Math.max(count, 0));
            return count;
        }

        @Override
        public void requireTime() throws SocketTimeoutException {
            body.requireTime();
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
