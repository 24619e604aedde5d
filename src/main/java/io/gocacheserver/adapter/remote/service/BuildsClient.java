package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.http.BytesBody;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import java.io.IOException;
import java.time.Duration;

/**
 * Sends reports of builds to the service. No build waits for that, and an error is of no interest; a service
 * that is left alone for its failures, or is another's, is not told.
 */
public final class BuildsClient {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final ServiceAccess service;

    /** For one service. */
    public BuildsClient(ServiceAccess service) {
        this.service = service;
    }

    /**
     * Sends a report, once. Blocks, for a second at most.
     *
     * @return milliseconds of work that the service thinks the build was spared; 0 if it does not know
     */
    public long tell(byte[] report) {
        if (service.is(Trait.NO_PROFILES)
                || service.is(Trait.NO_BUILD_REPORTS)
                || !service.gets.isPassable()) {
            return 0;
        }
        HttpRequest request =
                HttpRequest.post(WirePaths.BUILDS, service.jsonHeaders(), new BytesBody(report));
        try (HttpResponse response = service.client.send(request, LIMIT)) {
            int status = response.status();
            if (status == Status.FORBIDDEN
                    || status == Status.NOT_FOUND
                    || status == Status.NOT_ALLOWED) {
                service.learn(Trait.NO_BUILD_REPORTS);
            }
            return Math.max(0, response.bytesIn(WireHeaders.SAVED_MILLIS));
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
