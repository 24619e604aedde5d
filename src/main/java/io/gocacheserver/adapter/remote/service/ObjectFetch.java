package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.access.Failure;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.adapter.remote.access.TimeBudget;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.WirePaths;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Fetches objects, one by one. The gate has let a request pass. */
final class ObjectFetch {

    private final ServiceAccess service;
    private final ObjectStore store;
    private final Gate gate;
    private volatile boolean webPageForMiss;

    ObjectFetch(ServiceAccess service, ObjectStore store, Gate gate) {
        this.service = service;
        this.store = store;
        this.gate = gate;
    }

    FetchResult fetch(ActionId action, TimeBudget.Wait wait) {
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
        } catch (IOException | RuntimeException e) {
            result = new FetchResult.ServiceFailed(Failure.reason(e));
        }
        if (result instanceof FetchResult.ServiceFailed) {
            gate.failed();
        } else {
            gate.answered();
        }
        return result;
    }

    /** Whether all that came was web pages which say that there is nothing: likely not a service at all. */
    boolean sawOnlyWebPages() {
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
        AnnouncedObject announced = AnnouncedObject.of(response, service.decoders.available());
        service.learn(Trait.CACHE);
        InputStream body = service.is(Trait.PROVEN) ? counted(response, wait) : response;
        FetchResult result = store.store(action, announced, body);
        return result == null ? new FetchResult.Miss() : result;
    }

    /** A body whose bytes speak for the service. */
    private static InputStream counted(InputStream body, TimeBudget.Wait wait) {
        return new FilterInputStream(body) {
            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                int count = in.read(target, from, length);
                wait.came(Math.max(count, 0));
                return count;
            }
        };
    }
}
