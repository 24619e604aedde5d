package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.RequestBody;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Sends reports of builds to the service. No build waits for that, and an error is of no interest; a service
 * that is left alone for its failures, or is another's, is not told.
 */
public record BuildsClient(ServiceAccess service) {

    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration PACKAGES_LIMIT = Duration.ofSeconds(10);

    /** The service's own; what is the client's fault will not be taken later either. */
    private static final int FIRST_ERROR = 500;

    private static final int MAX_ANSWER = 1 << 20;

    /** What came of a report, which is to be sent again if it was not delivered; number and savings are 0 if they are not known. */
    public record Told(boolean delivered, long id, long savedMillis) {}

    /** Sends a report, once. Blocks, for a second at most. */
    public Told tell(byte[] report) {
        if (service.is(Trait.NO_PROFILES) || service.is(Trait.NO_BUILD_REPORTS)) {
            return new Told(true, 0, 0);
        }
        if (!service.gets.isPassable()) {
            return new Told(false, 0, 0);
        }
        try (HttpResponse response = post(WirePaths.BUILDS, report, LIMIT)) {
            int status = response.status();
            if (status == Status.FORBIDDEN
                    || status == Status.NOT_FOUND
                    || status == Status.NOT_ALLOWED) {
                service.learn(Trait.NO_BUILD_REPORTS);
            }
            return new Told(
                    status < FIRST_ERROR && status != Status.TOO_MANY,
                    Math.max(0, response.bytesIn(WireHeaders.BUILD_ID)),
                    Math.max(0, response.bytesIn(WireHeaders.SAVED_MILLIS)));
        } catch (IOException | RuntimeException e) {
            return new Told(false, 0, 0);
        }
    }

    /**
     * Sends a build's packages. Blocks, for some seconds at most. Returns the first causes of its misses: a line each of followers,
     * package and reason, with tabs between; empty if the service did not say.
     */
    public String tellPackages(long id, byte[] packages) {
        String path = WirePaths.BUILDS + '/' + id + "/packages";
        try (HttpResponse response = post(path, packages, PACKAGES_LIMIT)) {
            return response.status() == Status.OK ? text(response) : "";
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }

    /** Why a build's packages missed, as the service says it; null if it does not know the build. */
    public @Nullable String explain(long id) throws IOException {
        String path = WirePaths.BUILDS + '/' + id + "/explanation";
        HttpRequest request = HttpRequest.get(path, service.common());
        try (HttpResponse response = service.client.send(request, PACKAGES_LIMIT)) {
            if (response.status() == Status.NOT_FOUND) {
                return null;
            }
            if (response.status() != Status.OK) {
                throw new IOException("status " + response.status());
            }
            return text(response);
        }
    }

    private HttpResponse post(String path, byte[] body, Duration limit) throws IOException {
        return service.client.send(
                HttpRequest.post(path, service.jsonHeaders(), RequestBody.of(body)), limit);
    }

    private static String text(HttpResponse response) throws IOException {
        return new String(response.whole(MAX_ANSWER), StandardCharsets.UTF_8);
    }
}
