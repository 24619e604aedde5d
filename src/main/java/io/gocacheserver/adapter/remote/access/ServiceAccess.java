package io.gocacheserver.adapter.remote.access;

import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.wire.WireHeaders;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The state that all sessions with one service share: connections, breakers, decoders, and its known traits. */
public final class ServiceAccess {

    public final HttpClient client;
    public final CircuitBreaker gets;
    public final CircuitBreaker puts;
    public final ZstdDecoders decoders;
    public final KnownOutputs known = new KnownOutputs();
    public final TwoStepPolicy twoStep = new TwoStepPolicy();
    public final AtomicReference<KnownFilter> filter = new AtomicReference<>(KnownFilter.NONE);
    public final boolean withToken;

    private final Set<Trait> traits = ConcurrentHashMap.newKeySet();
    private final String userAgent;

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
    }

    /**
     * Up to when more time is allowed to a Get, as its object comes.
     *
     * @param patience how long it may take if nothing comes
     */
    public Duration longest(Duration patience) {
        Duration request = client.requestTimeout();
        return is(Trait.PROVEN) || patience.compareTo(request) > 0 ? request : patience;
    }

    /** Whether the service has shown a trait, which it keeps. */
    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** The service has shown a trait. */
    public void learn(Trait trait) {
        traits.add(trait);
    }

    /** Headers of a Get of an object. */
    public Headers getHeaders() {
        return readHeaders().add(WireHeaders.WANT_OBJECT, WireHeaders.WANT_OBJECT_YES);
    }

    /** Headers of a Put with the object. */
    public Headers putHeaders() {
        return common().add("Content-Type", "application/octet-stream");
    }

    /** Headers of the start of a build. */
    public Headers startHeaders() {
        return readHeaders().add("Content-Type", "application/json");
    }

    /** Headers of any request with JSON. */
    public Headers jsonHeaders() {
        return common().add("Content-Type", "application/json");
    }

    /** Headers of any request. */
    public Headers common() {
        return new Headers().add("User-Agent", userAgent);
    }

    private Headers readHeaders() {
        return common().add("Accept-Encoding", decoders.available() ? WireHeaders.ZSTD : "identity")
                .add(WireHeaders.WANT_EXECUTABLE, WireHeaders.WANT_EXECUTABLE_YES);
    }
}
