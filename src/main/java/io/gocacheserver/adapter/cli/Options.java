package io.gocacheserver.adapter.cli;

import io.gocacheserver.adapter.http.ServiceUrl;
import io.gocacheserver.adapter.http.Timeouts;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What the user wants of the adapter, validated.
 *
 * @param server where the service is
 * @param token bearer token, or null
 * @param cacheDir local cache directory, absolute
 * @param timeouts of requests
 * @param drainTimeout longest wait for uploads at the end
 * @param uploadConcurrency uploads at once
 * @param uploadQueue uploads that may wait
 * @param maxConnections connections at once, more than {@code uploadConcurrency}
 * @param breakerFailures failures in a row that open the circuit breaker
 * @param breakerPause how long it stays open at first
 * @param verbose whether to trace requests
 */
public record Options(
        ServiceUrl server,
        @Nullable Token token,
        String cacheDir,
        Timeouts timeouts,
        Duration drainTimeout,
        int uploadConcurrency,
        int uploadQueue,
        int maxConnections,
        int breakerFailures,
        Duration breakerPause,
        boolean verbose) {

    /** How many gets may be with the service at once: what uploads leave of the connections. */
    public int fetchConcurrency() {
        return maxConnections - uploadConcurrency;
    }
}
