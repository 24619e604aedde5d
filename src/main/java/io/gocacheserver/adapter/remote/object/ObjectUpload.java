package io.gocacheserver.adapter.remote.object;

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
import io.gocacheserver.adapter.remote.access.Trait;
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
public final class ObjectUpload {

    private static final int CREATED = 201;
    private static final int TOO_LARGE = 413;

    private static final long[] PAUSES_NANOS = {200_000_000L, 800_000_000L};

    private final ServiceAccess service;
    private final Gate gate;
    private final Gate gets;
    private volatile boolean everStored;
    private volatile UploadResult.@Nullable NotAllowed notAllowed;

    /**
     * @param gate of Puts
     * @param gets of Gets, which tells whether the service is there
     */
    public ObjectUpload(ServiceAccess service, Gate gate, Gate gets) {
        this.service = service;
        this.gate = gate;
        this.gets = gets;
    }

    public UploadResult upload(Upload upload) {
        UploadResult.NotAllowed refused = notAllowed;
        if (refused != null) {
            return refused;
        }
        if (!gate.tryPass()) {
            return new UploadResult.NotAsked();
        }
        Attempt attempt = once(upload);
        for (int i = 0; i < PAUSES_NANOS.length && attempt.mayPass() && gets.isOpen(); i++) {
            LockSupport.parkNanos(PAUSES_NANOS[i]);
            attempt = once(upload);
        }
        if (attempt.result() instanceof UploadResult.NotAllowed last) {
            notAllowed = last;
            gate.answered();
        } else {
            settle(attempt.failure());
        }
        return attempt.result();
    }

    /** Whether the service took anything. */
    public boolean everStored() {
        return everStored;
    }

    private void settle(@Nullable Failure failure) {
        if (failure == null) {
            everStored = true;
            gate.answered();
            return;
        }
        int status = failure.status();
        if (status == TOO_LARGE || status == Status.UNPROCESSABLE || status == Status.DISK_FULL) {
            // It does not want this object; others it may.
            gate.answered();
        } else {
            gate.failed(failure);
        }
    }

    private Attempt once(Upload upload) {
        try {
            boolean known = service.known.contains(upload.output());
            if (service.twoStep.isWorthwhile(upload.size(), known) && putAction(upload)) {
                return new Attempt(new UploadResult.AlreadyThere(), null);
            }
            return putWhole(upload);
        } catch (SocketTimeoutException e) {
            return Attempt.timedOut(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            String message = e.getMessage();
            return Attempt.failed(
                    Failure.of(message == null ? e.getClass().getSimpleName() : message));
        }
    }

    /** Puts the action without its object; whether that was enough. */
    private boolean putAction(Upload upload) throws IOException {
        Headers headers = service.common().add(WireHeaders.OUTPUT_ID, upload.output().hex());
        HttpRequest request = HttpRequest.put(WirePaths.action(upload.action()), headers);
        try (HttpResponse response = service.client.send(request)) {
            switch (response.status()) {
                case Status.NO_CONTENT -> {
                    service.twoStep.saved();
                    service.known.add(upload.output());
                    return true;
                }
                case Status.CONFLICT -> {
                    service.twoStep.wanted();
                    service.known.remove(upload.output());
                }
                case Status.BAD_REQUEST, Status.NOT_FOUND, Status.NOT_ALLOWED ->
                        service.twoStep.unsupported();
                // The whole Put will meet the same answer.
                default -> service.twoStep.wanted();
            }
            return false;
        }
    }

    private Attempt putWhole(Upload upload) throws IOException {
        try (ZstdFrame frame = frame(upload)) {
            if (frame == null) {
                return putWhole(
                        upload, service.putHeaders(), new FileBody(upload.path(), upload.size()));
            }
            Headers headers =
                    service.putHeaders()
                            .add("Content-Encoding", WireHeaders.ZSTD)
                            .add(WireHeaders.UNCOMPRESSED_LENGTH, Long.toString(upload.size()));
            return putWhole(upload, headers, frame);
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

    private Attempt putWhole(Upload upload, Headers headers, RequestBody body) throws IOException {
        HttpRequest request =
                HttpRequest.put(WirePaths.put(upload.action(), upload.output()), headers, body);
        try (HttpResponse response = service.client.send(request)) {
            int status = response.status();
            if (status == Status.OK || status == CREATED || status == Status.NO_CONTENT) {
                service.known.add(upload.output());
                return new Attempt(new UploadResult.Stored(body.length()), null);
            }
            Failure failure = Failure.of(response, service.withToken);
            return mayOnlyRead(status)
                    ? new Attempt(new UploadResult.NotAllowed(failure.reason()), null)
                    : Attempt.failed(failure);
        }
    }

    /** Where everybody may read and not write, a client without a token is asked for one. A service that refuses Gets too says so to them. */
    private boolean mayOnlyRead(int status) {
        return status == Status.FORBIDDEN || (status == Status.UNAUTHORIZED && !service.withToken);
    }

    /**
     * The outcome of one attempt.
     *
     * @param failure null if there was none
     */
    private record Attempt(UploadResult result, @Nullable Failure failure) {

        static Attempt failed(Failure failure) {
            return new Attempt(new UploadResult.Failed(failure.reason()), failure);
        }

        /** Not to be tried again: that would take as long again, at the end of a build too. */
        static Attempt timedOut(String reason) {
            return new Attempt(
                    new UploadResult.Failed(reason), new Failure(Failure.TIMED_OUT, reason, null));
        }

        /** Whether to try again. A service that says how long to wait is not asked before. */
        boolean mayPass() {
            return failure != null && failure.isPassing() && failure.retryAfter() == null;
        }
    }
}
