package io.gocacheserver.adapter.remote.access;

import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.FilterAnswer;
import io.gocacheserver.wire.WireHeaders;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The state that all sessions with one service share: connections, breakers, decoders, and its known traits. */
public final class ServiceAccess {

    /** Objects that the service is known to have; they are all forgotten when there are more. */
    private static final int MOST_OUTPUTS = 8192;

    /** A property that a service shows by its answers. */
    public enum Trait {
        /** It is a cache: something other than a web page has come from it. */
        CACHE,
        /** An object was what the service said. Before that, no object is given more time because it seems to come. */
        PROVEN,
        TAKES_ZSTD,
        /** It does not take an action without its object. */
        NO_TWO_STEPS,
        /** It does not know build profiles. */
        NO_PROFILES,
        NO_FILTER,
        NO_BUILD_REPORTS
    }

    /** What the service said last of the actions that it has, and the tag by which it knows this answer again. */
    public record KnownFilter(@Nullable String tag, FilterAnswer answer) {}

    public final HttpClient client;
    public final CircuitBreaker gets;
    public final CircuitBreaker puts;
    public final ZstdDecoders decoders;
    public final AtomicReference<KnownFilter> filter;
    public final boolean withToken;

    private final Set<Trait> traits;
    private final Set<OutputId> outputs;
    private final String userAgent;
    private final @Nullable String traceparent;

    /** Puts have a breaker of their own, so that a token which may only read costs no hits. */
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
        this.filter = new AtomicReference<>(new KnownFilter(null, FilterAnswer.INCOMPLETE));
        this.traits = ConcurrentHashMap.newKeySet();
        this.outputs = ConcurrentHashMap.newKeySet();
        this.traceparent = null;
    }

    private ServiceAccess(ServiceAccess shared, String traceparent) {
        this.client = shared.client;
        this.gets = shared.gets;
        this.puts = shared.puts;
        this.decoders = shared.decoders;
        this.userAgent = shared.userAgent;
        this.withToken = shared.withToken;
        this.filter = shared.filter;
        this.traits = shared.traits;
        this.outputs = shared.outputs;
        this.traceparent = traceparent;
    }

    /** The same state, for the requests of one session, which say so. */
    public ServiceAccess of(String session) {
        return new ServiceAccess(this, session);
    }

    /** Up to when more time is allowed to a Get, as its object comes, which may take {@code patience} if nothing does. */
    public Duration longest(Duration patience) {
        Duration request = client.requestTimeout();
        return is(Trait.PROVEN) || patience.compareTo(request) > 0 ? request : patience;
    }

    /** Whether the service has shown a trait, which it keeps. */
    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    public void learn(Trait trait) {
        traits.add(trait);
    }

    /** Whether the service has been seen to have the object: it was sent, fetched or seen there. */
    public boolean isKnown(OutputId output) {
        return outputs.contains(output);
    }

    /** The service has the object, or not any more. */
    public void know(OutputId output, boolean has) {
        if (!has) {
            outputs.remove(output);
        } else {
            if (outputs.size() >= MOST_OUTPUTS) {
                outputs.clear();
            }
            outputs.add(output);
        }
    }

    public Headers getHeaders() {
        return readHeaders().add(WireHeaders.WANT_OBJECT, WireHeaders.WANT_OBJECT_YES);
    }

    public Headers putHeaders() {
        return common().add("Content-Type", "application/octet-stream");
    }

    /** Headers of the start of a build. */
    public Headers startHeaders() {
        return readHeaders().add("Content-Type", "application/json");
    }

    public Headers jsonHeaders() {
        return common().add("Content-Type", "application/json");
    }

    public Headers common() {
        Headers headers = new Headers().add("User-Agent", userAgent);
        return traceparent == null ? headers : headers.add("traceparent", traceparent);
    }

    private Headers readHeaders() {
        return common().add("Accept-Encoding", decoders.available() ? WireHeaders.ZSTD : "identity")
                .add(WireHeaders.WANT_EXECUTABLE, WireHeaders.WANT_EXECUTABLE_YES);
    }
}
