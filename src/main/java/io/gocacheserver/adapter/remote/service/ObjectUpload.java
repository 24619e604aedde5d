package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.RequestBody;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.adapter.remote.UploadResult;
import io.gocacheserver.adapter.remote.access.Failure;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.adapter.zstd.ZstdFrame;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends objects. One that the service may have is put as an action alone first, and sent only if the service asks for it.
 * An upload that fails for a passing reason is retried twice within about a second, unless Gets have found the service to be
 * out; only then does the failure count. That a client may only read is no failure.
 */
final class ObjectUpload {

    /** Larger objects are worth a round trip that finds out whether the service has them. */
    private static final long LARGE = 256 << 10;

    private static final long[] PAUSES_NANOS = {200_000_000L, 800_000_000L};

    private final ServiceAccess service;
    private final Gate gate;
    private final Gate gets;
    private volatile boolean everStored;
    private volatile @Nullable UploadResult notAllowed;

    /** The gate of Gets tells whether the service is there. */
    ObjectUpload(ServiceAccess service, Gate gate, Gate gets) {
        this.service = service;
        this.gate = gate;
        this.gets = gets;
    }

    private static final class RefusedException extends IOException {

        private final transient Failure failure;

        RefusedException(Failure failure) {
            this.failure = failure;
        }
    }

    UploadResult upload(Upload upload) {
        UploadResult refused = notAllowed;
        if (refused != null) {
            return refused;
        }
        if (!gate.tryPass()) {
            return new UploadResult.NotAsked();
        }
        Failure failure = new Failure(0, "", null);
        for (int i = 0; i <= PAUSES_NANOS.length; i++) {
            try {
                UploadResult result = once(upload);
                gate.answered();
                return result;
            } catch (RefusedException e) {
                failure = e.failure;
            } catch (SocketTimeoutException e) {
                // Not to be tried again: that would take as long again, at the end of a build too.
                failure = new Failure(Failure.TIMED_OUT, Failure.reason(e), null);
            } catch (IOException | RuntimeException e) {
                failure = Failure.of(e);
            }
            if (i == PAUSES_NANOS.length || !failure.isPassing() || !gets.isOpen()) {
                break;
            }
            LockSupport.parkNanos(PAUSES_NANOS[i]);
        }
        if (failure.status() == Status.TOO_LARGE
                || failure.status() == Status.UNPROCESSABLE
                || failure.status() == Status.DISK_FULL) {
            gate.answered(); // what it does not want of this object it may of others
        } else {
            gate.failed(failure);
        }
        return new UploadResult.Failed(failure.reason());
    }

    /** Whether the service took anything. */
    boolean everStored() {
        return everStored;
    }

    private UploadResult once(Upload upload) throws IOException {
        if (isWorthAsking(upload) && putAction(upload)) {
            everStored = true;
            return new UploadResult.AlreadyThere();
        }
        return putWhole(upload);
    }

    private boolean isWorthAsking(Upload upload) {
        return !service.is(Trait.NO_TWO_STEPS)
                && (upload.size() >= LARGE || service.isKnown(upload.output()));
    }

    /** Puts the action without its object; whether that was enough. */
    private boolean putAction(Upload upload) throws IOException {
        Headers headers = service.common().add(WireHeaders.OUTPUT_ID, upload.output().hex());
        HttpRequest request = HttpRequest.put(WirePaths.action(upload.action()), headers);
        try (HttpResponse response = service.client.send(request)) {
            int status = response.status();
            if (status == Status.BAD_REQUEST
                    || status == Status.NOT_FOUND
                    || status == Status.NOT_ALLOWED) {
                service.learn(Trait.NO_TWO_STEPS); // as gocached
            }
            // Any other failure meets the whole Put too.
            boolean stored = status == Status.NO_CONTENT;
            if (stored || status == Status.CONFLICT) {
                service.know(upload.output(), stored);
            }
            return stored;
        }
    }

    private UploadResult putWhole(Upload upload) throws IOException {
        try (ZstdFrame frame = frame(upload)) {
            Headers headers = service.putHeaders();
            if (frame == null) {
                RequestBody file = RequestBody.ofFile(upload.path(), upload.size());
                return putWhole(upload, headers, file);
            }
            headers.add("Content-Encoding", WireHeaders.ZSTD)
                    .add(WireHeaders.UNCOMPRESSED_LENGTH, Long.toString(upload.size()));
            return putWhole(upload, headers, frame.body());
        }
    }

    /** The object compressed, or null where the service does not take that, it saves little, or there is no room for it. */
    private @Nullable ZstdFrame frame(Upload upload) {
        if (!service.is(Trait.TAKES_ZSTD) || !service.decoders.available()) {
            return null;
        }
        try {
            return ZstdFrame.of(upload.path(), upload.size());
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private UploadResult putWhole(Upload upload, Headers headers, RequestBody body)
            throws IOException {
        HttpRequest request =
                HttpRequest.put(WirePaths.put(upload.action(), upload.output()), headers, body);
        try (HttpResponse response = service.client.send(request)) {
            int status = response.status();
            if (status == Status.OK || status == Status.CREATED || status == Status.NO_CONTENT) {
                service.know(upload.output(), true);
                everStored = true;
                return new UploadResult.Stored(body.length());
            }
            Failure failure = Failure.of(response, service.withToken);
            // Where everybody may read and not write, a client without a token is asked for one. A
            // service that refuses Gets too says so to them.
            if (status != Status.FORBIDDEN
                    && (status != Status.UNAUTHORIZED || service.withToken)) {
                throw new RefusedException(failure);
            }
            UploadResult refused = new UploadResult.NotAllowed(failure.reason());
            notAllowed = refused;
            return refused;
        }
    }
}
