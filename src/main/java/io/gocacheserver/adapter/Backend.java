package io.gocacheserver.adapter;

import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.auth.Credentials;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.http.Authorization;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;
import io.gocacheserver.adapter.remote.access.CircuitBreaker;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.service.BuildsClient;
import io.gocacheserver.adapter.remote.service.InFlightObjects;
import io.gocacheserver.adapter.remote.service.ServiceCache;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.session.Session;
import io.gocacheserver.adapter.session.ToolLink;
import io.gocacheserver.adapter.zstd.ZstdDecoders;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The connections, circuit breakers and threads that all sessions with one service share. */
final class Backend implements AutoCloseable {

    private static final int CONNECTIONS = 40;
    private static final int STREAMS = 4;
    private static final int WAITING_STREAMS = 1_000;
    static final int UPLOADS = 4;

    /** Uploads of one session, or of all that share this, that may wait; further ones are dropped, and counted. */
    private static final int WAITING_UPLOADS = 10_000;

    /** Gets that may be with the service at once. */
    private static final int GETS = CONNECTIONS - UPLOADS - STREAMS;

    /** Gets that wait in a thread each, most of them for what is on its way. */
    private static final int GET_THREADS = 128;

    private static final int WAITING_GETS = 10_000;

    /** Threads that store small objects that were fetched ahead, and objects that wait for them. */
    private static final int STORING = 3;

    private static final int WAITING_TO_STORE = 64;

    /** Time after which nothing more is fetched ahead. */
    private static final Duration PREFETCH_TIMEOUT = Duration.ofSeconds(30);

    private static final int BREAKER_FAILURES = 3;

    /** How long a circuit breaker stays open at first, in milliseconds; only tests set it. */
    private static final long BREAKER_PAUSE =
            Long.getLong("go-cache-adapter.breaker-pause-millis", 10_000);

    /** Cache directories of which is known what is on its way to them. */
    private static final int MOST_DIRECTORIES = 64;

    private static final int IDLE_SECONDS = 30;

    /** Set by the launcher to the native library's file, if there is one for this platform; zstd-jni's own name for it. */
    private static final String ZSTD_LIBRARY = "ZstdNativePath";

    private final HttpClient client;
    private final @Nullable Credentials credentials;
    private final ServiceAccess service;
    private final Options options;
    private final ZstdDecoders decoders;
    private final Executor fetches;
    private final Executor uploads;
    private final ExecutorService streams;
    private final Executor storing;
    private final Map<String, InFlightObjects> inFlight = new HashMap<>(); // by cache directory

    /** How many of those that a resident process serves use it now. */
    int sessions;

    Backend(Options options, String version) {
        this.credentials = credentials(options);
        this.client = client(options, credentials, CONNECTIONS);
        this.decoders = new ZstdDecoders(System.getProperty(ZSTD_LIBRARY));
        this.fetches = pool("fetch", GET_THREADS, WAITING_GETS);
        this.streams = pool("prefetch", STREAMS, WAITING_STREAMS);
        this.storing = pool("store", STORING, WAITING_TO_STORE);
        this.uploads = pool("upload", UPLOADS, WAITING_UPLOADS);
        this.options = options;
        this.service =
                new ServiceAccess(
                        client,
                        breaker(),
                        breaker(),
                        decoders,
                        options.credential() != null,
                        "go-cache-adapter/" + version);
    }

    /** The service as one session's cache, whose hits go to {@code disk} ({@code prefetchMaxBytes}: of what is fetched ahead). */
    ServiceCache cacheOver(NativeCache disk, GoBuild build, long prefetchMaxBytes) {
        ServiceCache.Ahead ahead =
                new ServiceCache.Ahead(
                        build, prefetchMaxBytes > 0, prefetchMaxBytes, PREFETCH_TIMEOUT);
        return new ServiceCache(
                service.of(build.traceparent()),
                disk,
                inFlight(disk.directory()),
                new ServiceCache.Settings(
                        options.mode(), options.shareTests(), options.timeBudget(), GETS, ahead),
                new ServiceCache.Background(fetches, streams, storing),
                System::nanoTime);
    }

    /** A session with one Go command ({@code drainLater}: it ends with uploads under way; {@code terminal}: the user watches). */
    Session session(
            Options its,
            RequestReader requests,
            ResponseWriter responses,
            NativeCache disk,
            GoBuild build,
            boolean greeted,
            boolean drainLater,
            boolean terminal,
            Reporter reporter) {
        return new Session(
                requests,
                responses,
                disk,
                cacheOver(disk, build, its.prefetchMaxBytes()),
                new ToolLink(() -> build.invocation(true), disk.directory()),
                fetches,
                uploads,
                new Session.Settings(
                        its.server().toString(),
                        WAITING_UPLOADS,
                        its.drainTimeout(),
                        greeted,
                        drainLater,
                        terminal),
                reporter);
    }

    private synchronized InFlightObjects inFlight(String directory) {
        if (inFlight.size() >= MOST_DIRECTORIES && !inFlight.containsKey(directory)) {
            inFlight.clear();
        }
        return inFlight.computeIfAbsent(directory, _ -> new InFlightObjects());
    }

    /** Opens a connection behind the caller's back: nearly every build asks the service for something. */
    void connectAhead() {
        fetches.execute(client::connectAhead);
        if (credentials != null) {
            fetches.execute(() -> credentials.header(options.network().timeouts().request()));
        }
    }

    BuildsClient builds() {
        return new BuildsClient(service);
    }

    /** Why objects come uncompressed, or null. */
    @Nullable String decodingProblem() {
        return decoders.problem();
    }

    /** Why there is no token to show to the service, though there should be one; or null. */
    @Nullable String credentialProblem() {
        return credentials == null ? null : credentials.problem();
    }

    void warnOfCredentials(Reporter reporter) {
        String problem = credentialProblem();
        if (problem != null) {
            reporter.warn(problem);
        }
    }

    /** Waits a moment until what was fetched ahead has ended, and has removed what it did not finish. */
    void awaitStreams() {
        streams.shutdown();
        try {
            boolean ended = streams.awaitTermination(1, TimeUnit.SECONDS);
            assert ended || streams.isShutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        client.close();
        streams.shutdown();
    }

    /** A client of the service, which shows these credentials. */
    static HttpClient client(
            Options options, @Nullable Credentials credentials, int maxConnections) {
        return new HttpClient(
                options.server(),
                new Route(options.network().proxy(), options.network().tls()),
                options.network().timeouts(),
                maxConnections,
                credentials == null ? Authorization.NONE : credentials,
                System::nanoTime);
    }

    static @Nullable Credentials credentials(Options options) {
        Credential credential = options.credential();
        Options.Network network = options.network();
        return credential == null
                ? null
                : Credentials.of(credential, network.timeouts(), network.tls());
    }

    private static CircuitBreaker breaker() {
        return new CircuitBreaker(
                BREAKER_FAILURES, Duration.ofMillis(BREAKER_PAUSE), System::nanoTime);
    }

    /**
     * Daemon threads that start as they are needed: one that idles is used before another is started. At most {@code threads}
     * tasks run and some {@code waiting} wait; what comes beyond is rejected. Platform threads: a handful of them costs a young
     * JVM less than the scheduler of virtual ones.
     */
    private static ExecutorService pool(String name, int threads, int waiting) {
        Tasks tasks = new Tasks();
        return new ThreadPoolExecutor(
                0,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                tasks,
                work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> {
                    if (!tasks.queue(task, waiting)) {
                        throw new RejectedExecutionException("too much to do");
                    }
                });
    }

    /** Takes a task only for a thread that waits for one; else the pool starts one, or if it may not, the task waits after all. */
    private static final class Tasks extends LinkedTransferQueue<Runnable> {

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        boolean queue(Runnable task, int most) {
            return size() < most && super.offer(task);
        }
    }
}
