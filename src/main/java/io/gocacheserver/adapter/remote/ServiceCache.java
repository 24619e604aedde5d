package io.gocacheserver.adapter.remote;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.LocalDiskException;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.disk.ObjectMismatchException;
import io.gocacheserver.adapter.disk.StagedObject;
import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The service over HTTP. Gets and Puts have a circuit breaker each, so that a token which may only read costs no hits.
 * An answer counts as a hit only when its bytes have the announced length and hash to the announced output ID.
 */
public final class ServiceCache implements RemoteCache {

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;
    private static final int UNPROCESSABLE = 422;
    private static final int DISK_FULL = 507;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final HttpClient client;
    private final NativeCache disk;
    private final CircuitBreaker gets;
    private final CircuitBreaker puts;
    private final ZstdDecoders decoders;
    private final Headers getPlain;
    private final Headers getCoded;
    private final Headers putHeaders;

    /**
     * @param disk where fetched objects go
     * @param gets the breaker for fetches
     * @param puts the breaker for uploads
     * @param decoders for objects that come coded; without them, objects must come plain
     * @param token sent as bearer token unless null
     * @param userAgent names this program
     */
    public ServiceCache(
            HttpClient client,
            NativeCache disk,
            CircuitBreaker gets,
            CircuitBreaker puts,
            ZstdDecoders decoders,
            @Nullable String token,
            String userAgent) {
        this.client = client;
        this.disk = disk;
        this.gets = gets;
        this.puts = puts;
        this.decoders = decoders;
        this.getPlain = getHeaders(token, userAgent, "identity");
        this.getCoded = getHeaders(token, userAgent, WireHeaders.ZSTD);
        this.putHeaders = common(token, userAgent).add("Content-Type", "application/octet-stream");
    }

    @Override
    public FetchResult fetch(ActionId action) {
        if (!gets.tryPass()) {
            return new FetchResult.NotAsked();
        }
        FetchResult result;
        Headers headers = decoders.available() ? getCoded : getPlain;
        HttpRequest request = HttpRequest.get(WirePaths.action(action), headers);
        try (HttpResponse response = client.send(request)) {
            result = receive(action, response);
        } catch (LocalDiskException e) {
            result = new FetchResult.DiskFailed(reason(e));
        } catch (ObjectMismatchException e) {
            result = new FetchResult.ServiceFailed("it sent something else: " + reason(e));
        } catch (IOException | RuntimeException e) {
            result = new FetchResult.ServiceFailed(reason(e));
        }
        if (result instanceof FetchResult.ServiceFailed) {
            gets.failed();
        } else {
            gets.succeeded();
        }
        return result;
    }

    @Override
    public UploadResult upload(Upload upload) {
        if (!puts.tryPass()) {
            return new UploadResult.NotAsked();
        }
        HttpRequest request =
                HttpRequest.put(
                        WirePaths.put(upload.action(), upload.output()),
                        putHeaders,
                        new FileBody(upload.path(), upload.size()));
        try (HttpResponse response = client.send(request)) {
            return answerOf(response);
        } catch (IOException | RuntimeException e) {
            puts.failed();
            return new UploadResult.Failed(reason(e));
        }
    }

    private UploadResult answerOf(HttpResponse response) {
        int status = response.status();
        switch (status) {
            case OK, CREATED, NO_CONTENT -> {
                puts.succeeded();
                return new UploadResult.Stored();
            }
            // It does not want this object; others it may.
            case TOO_LARGE, UNPROCESSABLE, DISK_FULL -> puts.succeeded();
            default -> puts.failed();
        }
        return new UploadResult.Failed(StatusText.describe(status));
    }

    private FetchResult receive(ActionId action, HttpResponse response) throws IOException {
        if (response.status() == NOT_FOUND) {
            return new FetchResult.Miss();
        }
        if (response.status() != OK) {
            return new FetchResult.ServiceFailed(StatusText.describe(response.status()));
        }
        ObjectHeaders headers;
        try {
            headers = ObjectHeaders.of(response, decoders.available());
        } catch (IllegalArgumentException e) {
            return new FetchResult.ServiceFailed(reason(e));
        }
        return new FetchResult.Hit(store(action, headers, response), response.contentLength());
    }

    private CachedObject store(ActionId action, ObjectHeaders headers, HttpResponse response)
            throws IOException {
        OutputId output = headers.output();
        long size = headers.size();
        try (StagedObject staged = disk.stage(output, size)) {
            if (headers.coded()) {
                decoders.decode(response, staged);
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

    private static Headers getHeaders(@Nullable String token, String userAgent, String coding) {
        return common(token, userAgent)
                .add("Accept-Encoding", coding)
                .add(WireHeaders.WANT_OBJECT, WireHeaders.WANT_OBJECT_YES);
    }

    private static Headers common(@Nullable String token, String userAgent) {
        Headers headers = new Headers().add("User-Agent", userAgent);
        return token == null ? headers : headers.add("Authorization", "Bearer " + token);
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
