package io.gocacheserver.adapter.cli;

import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;
import io.gocacheserver.adapter.remote.Mode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The settings of a session, validated.
 *
 * @param server where the service is
 * @param credential where the bearer token comes from, or null for none
 * @param cacheDir local cache directory, absolute
 * @param cacheMaxSize bytes that it may have, or 0 for no limit
 * @param mode whether the service is read, written or both
 * @param shareTests whether results of tests are sent and taken
 * @param network how to reach the service
 * @param drainTimeout longest wait for uploads at the end
 * @param timeBudget time that one build may lose waiting for a failing service, or 0 for any
 * @param prefetchMaxBytes most bytes on the wire that are fetched before they are asked for; with 0 nothing is, and builds are
 *     not noted
 * @param profile what the user adds to the build profile's key, or null
 * @param report reports about a build
 */
public record Options(
        ServiceUrl server,
        @Nullable Credential credential,
        String cacheDir,
        long cacheMaxSize,
        Mode mode,
        boolean shareTests,
        Network network,
        Duration drainTimeout,
        Duration timeBudget,
        long prefetchMaxBytes,
        @Nullable String profile,
        Report report) {

    /** All but what concerns one build alone: equal for sessions that can share connections. */
    public List<@Nullable Object> shared() {
        return Arrays.asList(server, credential, mode, shareTests, network, timeBudget);
    }

    /**
     * The settings of the resident process.
     *
     * @param socket its Unix socket, or null for the default
     * @param idleTimeout how long it stays without a build; zero for no limit
     * @param drainTimeout longest wait for uploads when it is ended, or null if it is not set
     */
    public record Resident(
            @Nullable String socket, Duration idleTimeout, @Nullable Duration drainTimeout) {

        /** Of a session, which finds the process by the launcher. */
        static final Resident NONE = new Resident(null, Duration.ZERO, null);
    }

    /**
     * How to reach the service.
     *
     * @param timeouts of requests
     * @param tls certificates and keys for HTTPS
     * @param proxy the proxy between, or null
     */
    public record Network(Timeouts timeouts, TlsFiles tls, @Nullable ProxyUrl proxy) {}

    /**
     * Reports about a build.
     *
     * @param quiet whether failures are not said on stderr; null if they are said on a terminal
     * @param verbose whether to trace requests
     * @param stats whether to sum up in a line
     * @param statsFile gets a line of JSON, or null
     * @param toService whether the service is told, too
     * @param namesPackages whether it is told which packages they were
     */
    public record Report(
            @Nullable Boolean quiet,
            boolean verbose,
            boolean stats,
            @Nullable String statsFile,
            boolean toService,
            boolean namesPackages) {

        /** Whether failures are said on stderr, on a terminal or elsewhere. */
        public boolean saysFailures(BooleanSupplier watched) {
            return quiet == null ? watched.getAsBoolean() : !quiet;
        }

        /** Whether anything is said on this machine about a build that went well. */
        public boolean isWanted() {
            return verbose || stats || statsFile != null;
        }
    }
}
