package io.gocacheserver.adapter.remote;

import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.wire.WireHeaders;

import java.time.Duration;

/** What all sessions with one service share: connections, breakers, decoders, and what is known of it. */
public final class ServiceAccess {

    final HttpClient client;
    final CircuitBreaker gets;
    final CircuitBreaker puts;
    final ZstdDecoders decoders;
    final KnownOutputs known = new KnownOutputs();
    final TwoStepPolicy twoStep = new TwoStepPolicy();
    final boolean withToken;

    /** Whether anything but web pages has come from it. */
    volatile boolean everAService;

    /** Whether an object from it was what it said: before that, none is given more time because it seems to come. */
    volatile boolean proven;

    /** Whether it has said that it does not know bulk reads, or build profiles. */
    volatile boolean bulkUnsupported;

    volatile boolean profilesUnsupported;

    /** Whether it has not taken a report of a build. */
    volatile boolean buildsUnsupported;

    private final String userAgent;
    private final Headers getPlain;
    private final Headers getCoded;
    private final Headers putHeaders;
    private final Headers bulkPlain;
    private final Headers bulkCoded;

    /**
     * @param gets the breaker for fetches
     * @param puts the breaker for uploads; another one, so that a token which may only read costs no hits
     * @param decoders for objects that come coded; without them, objects must come plain
     * @param withToken whether requests show a token
     * @param userAgent names this program
     */
    public ServiceAccess(
            HttpClient client,
            CircuitBreaker gets,
            CircuitBreaker puts,
            ZstdDecoders decoders,
            boolean withToken,
            String userAgent) {
        this.client = client;
        this.gets = gets;
        this.puts = puts;
        this.decoders = decoders;
        this.userAgent = userAgent;
        this.withToken = withToken;
        this.getPlain = getHeaders("identity");
        this.getCoded = getHeaders(WireHeaders.ZSTD);
        this.bulkPlain = bulkHeaders("identity");
        this.bulkCoded = bulkHeaders(WireHeaders.ZSTD);
        this.putHeaders = common().add("Content-Type", "application/octet-stream");
    }

    /**
     * Up to when more time is allowed to a Get, as its object comes.
     *
     * @param patience how long it may take if nothing comes
     */
    Duration longest(Duration patience) {
        Duration request = client.requestTimeout();
        return proven || patience.compareTo(request) > 0 ? request : patience;
    }

    /** Headers of a Get of an object. */
    Headers getHeaders() {
        return decoders.available() ? getCoded : getPlain;
    }

    /** Headers of a Put with the object. */
    Headers putHeaders() {
        return putHeaders;
    }

    /** Headers of a bulk read. */
    Headers bulkHeaders() {
        return decoders.available() ? bulkCoded : bulkPlain;
    }

    /** Headers of any request. */
    Headers common() {
        return new Headers().add("User-Agent", userAgent);
    }

    private Headers bulkHeaders(String coding) {
        return readHeaders(coding).add("Content-Type", "application/octet-stream");
    }

    private Headers getHeaders(String coding) {
        return readHeaders(coding).add(WireHeaders.WANT_OBJECT, WireHeaders.WANT_OBJECT_YES);
    }

    private Headers readHeaders(String coding) {
        return common().add("Accept-Encoding", coding)
                .add(WireHeaders.WANT_EXECUTABLE, WireHeaders.WANT_EXECUTABLE_YES);
    }
}
