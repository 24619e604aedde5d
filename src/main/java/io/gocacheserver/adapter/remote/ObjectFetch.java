package io.gocacheserver.adapter.remote;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.LocalDiskException;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.disk.ObjectMismatchException;
import io.gocacheserver.adapter.disk.StagedObject;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.WirePaths;

import java.io.IOException;

/**
 * Fetches objects to local disk. An answer counts as a hit only when its bytes have the announced length and hash to the
 * announced output ID.
 */
final class ObjectFetch {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServiceAccess service;
    private final NativeCache disk;
    private final Gate gate;
    private volatile boolean everAService;
    private volatile boolean webPageForMiss;

    ObjectFetch(ServiceAccess service, NativeCache disk, Gate gate) {
        this.service = service;
        this.disk = disk;
        this.gate = gate;
    }

    /** Asks for an object; the gate has let it pass. */
    FetchResult fetch(ActionId action, TimeBudget.Wait wait) {
        FetchResult result;
        HttpRequest request = HttpRequest.get(WirePaths.action(action), service.getHeaders());
        try (HttpResponse response = service.client.send(request, wait.limit())) {
            int status = response.status();
            if (status != OK && status != NOT_FOUND) {
                Failure failure = Failure.of(response, service.withToken);
                gate.failed(failure);
                return new FetchResult.ServiceFailed(failure.reason());
            }
            result = status == OK ? receive(action, response, wait) : miss(response);
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
    boolean sawOnlyWebPages() {
        return webPageForMiss && !everAService;
    }

    private FetchResult miss(HttpResponse response) {
        String type = response.header("Content-Type");
        if (type != null && type.startsWith("text/html")) {
            webPageForMiss = true;
        } else {
            everAService = true;
        }
        return new FetchResult.Miss();
    }

    private FetchResult receive(ActionId action, HttpResponse response, TimeBudget.Wait wait)
            throws IOException {
        ObjectHeaders headers;
        try {
            headers = ObjectHeaders.of(response, service.decoders.available());
        } catch (IllegalArgumentException e) {
            return new FetchResult.ServiceFailed(reason(e));
        }
        everAService = true;
        wait.promising();
        CachedObject object = store(action, headers, response);
        service.known.add(object.output());
        return new FetchResult.Hit(object, response.contentLength());
    }

    private CachedObject store(ActionId action, ObjectHeaders headers, HttpResponse response)
            throws IOException {
        long size = headers.size();
        try (StagedObject staged = disk.stage(headers.output(), size)) {
            if (headers.coded()) {
                service.decoders.decode(response, staged);
            } else {
                copy(response, staged, size);
            }
            return disk.commit(staged, action, headers.unixNanos());
        }
    }

    private static void copy(HttpResponse response, StagedObject staged, long size)
            throws IOException {
        byte[] buffer = new byte[Math.clamp(size, 1, BUFFER_BYTES)];
        for (int count = response.read(buffer); count >= 0; count = response.read(buffer)) {
            staged.write(buffer, 0, count);
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
