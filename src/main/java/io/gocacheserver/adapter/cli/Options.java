package io.gocacheserver.adapter.cli;

import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.http.ProxyUrl;
import io.gocacheserver.adapter.http.ServiceUrl;
import io.gocacheserver.adapter.http.Timeouts;
import io.gocacheserver.adapter.http.TlsFiles;
import io.gocacheserver.adapter.remote.Mode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What the user wants of a session, validated.
 *
 * @param server where the service is
 * @param credential where the bearer token comes from, or null for none
 * @param cacheDir local cache directory, absolute
 * @param cacheMaxSize bytes that it may have, or 0 for no limit
 * @param mode what the service is used for
 * @param network how to reach the service
 * @param uploads how much is sent behind a build
 * @param faults what a failing service may cost
 * @param prefetch what is fetched before it is asked for
 * @param report what is said about a build
 */
public record Options(
        ServiceUrl server,
        @Nullable Credential credential,
        String cacheDir,
        long cacheMaxSize,
        Mode mode,
        Network network,
        Uploads uploads,
        Faults faults,
        Prefetch prefetch,
        Report report) {

    /** The same with another credential. */
    public Options withCredential(@Nullable Credential other) {
        return new Options(
                server,
                other,
                cacheDir,
                cacheMaxSize,
                mode,
                network,
                uploads,
                faults,
                prefetch,
                report);
    }

    /** The same but for what concerns one build alone: equal for sessions that can share connections. */
    public Options shared() {
        Report none = new Report(null, false, false, null, false, null, false);
        Prefetch ahead = new Prefetch(prefetch.streams(), true, 0, Duration.ZERO, null);
        return new Options(server, credential, "", 0, mode, network, uploads, faults, ahead, none);
    }

    /** How many gets may be with the service at once: what uploads and streams leave of the connections. */
    public int fetchConcurrency() {
        return network.maxConnections() - uploads.concurrency() - streams();
    }

    /** How many streams fetch ahead at once: as many as are wanted, but gets have half of what uploads leave. */
    public int streams() {
        return Math.min(prefetch.streams(), (network.maxConnections() - uploads.concurrency()) / 2);
    }

    /**
     * How to reach the service.
     *
     * @param timeouts of requests
     * @param maxConnections connections at once, more than the uploads at once
     * @param tls what HTTPS goes by
     * @param proxy the proxy between, or null
     */
    public record Network(
            Timeouts timeouts, int maxConnections, TlsFiles tls, @Nullable ProxyUrl proxy) {}

    /**
     * How much is sent behind a build.
     *
     * @param drainTimeout longest wait at the end
     * @param concurrency uploads at once
     * @param queue uploads that may wait
     */
    public record Uploads(Duration drainTimeout, int concurrency, int queue) {}

    /**
     * What a failing service may cost.
     *
     * @param breakerFailures failures in a row that open the circuit breaker
     * @param breakerPause how long it stays open at first
     * @param timeBudget time that one build may lose
     */
    public record Faults(int breakerFailures, Duration breakerPause, Duration timeBudget) {}

    /**
     * What is fetched before it is asked for.
     *
     * @param streams bulk reads at once
     * @param wanted whether anything is
     * @param maxBytes how much of it, as it is sent
     * @param timeout for how long
     * @param profile what the user adds to the build profile's key, or null
     */
    public record Prefetch(
            int streams,
            boolean wanted,
            long maxBytes,
            Duration timeout,
            @Nullable String profile) {

        /** The same, wanted. */
        public Prefetch always() {
            return new Prefetch(streams, true, maxBytes, timeout, profile);
        }
    }

    /**
     * What is said about a build.
     *
     * @param quiet whether failures are not said on stderr; null if they are said to a person who watches
     * @param verbose whether to trace requests
     * @param stats whether to sum up in a line
     * @param statsFile gets a line of JSON, or null
     * @param explain whether to say why there were misses
     * @param stepSummary file that gets a table in Markdown ({@code GITHUB_STEP_SUMMARY}), or null
     * @param toService whether the service is told, too
     */
    public record Report(
            @Nullable Boolean quiet,
            boolean verbose,
            boolean stats,
            @Nullable String statsFile,
            boolean explain,
            @Nullable String stepSummary,
            boolean toService) {

        /** Whether failures are said on stderr, where somebody watches or not. */
        public boolean saysFailures(BooleanSupplier watched) {
            return quiet == null ? watched.getAsBoolean() : !quiet;
        }

        /** Whether anything is said on this machine about a build that went well. */
        public boolean isWanted() {
            return verbose || stats || statsFile != null || explain;
        }
    }
}
