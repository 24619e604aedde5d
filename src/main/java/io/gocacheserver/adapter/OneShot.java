package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.cli.Token;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.protocol.ProtocolException;
import io.gocacheserver.adapter.remote.CircuitBreaker;
import io.gocacheserver.adapter.remote.ServiceCache;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.session.Session;
import io.gocacheserver.adapter.session.SessionSettings;
import io.gocacheserver.adapter.zstd.ZstdDecoders;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** Puts the parts together for one session that has a process of its own. */
final class OneShot {

    /** Gets that may wait for a thread; cmd/go has no more under way than it has build workers. */
    private static final int WAITING_GETS = 10_000;

    /** Set by the launcher, which sends the protocol's first line before it starts the JVM. */
    private static final String GREETED = "go-cache-adapter.greeted";

    /** Set by the launcher to the native library's file, if there is one for this platform; zstd-jni's own name for it. */
    private static final String ZSTD_LIBRARY = "ZstdNativePath";

    private OneShot() {}

    /** Serves one Go command to its end, then trims the cache if that is due. */
    static void serve(
            Options options, String version, InputStream in, OutputStream out, PrintStream err)
            throws UnusableDirectoryException, ProtocolException {
        prepare(options.cacheDir());
        InstantSource clock = InstantSource.system();
        String unique = Long.toString(ProcessHandle.current().pid());
        NativeCache disk = new NativeCache(options.cacheDir(), unique, clock);
        HttpClient client =
                new HttpClient(
                        options.server(),
                        options.timeouts(),
                        options.maxConnections(),
                        System::nanoTime);
        Token token = options.token();
        ZstdDecoders decoders = new ZstdDecoders(System.getProperty(ZSTD_LIBRARY));
        ServiceCache service =
                new ServiceCache(
                        client,
                        disk,
                        breaker(options),
                        breaker(options),
                        decoders,
                        token == null ? null : token.value(),
                        "go-cache-adapter/" + version);
        Executor fetches = Workers.pool("fetch", options.fetchConcurrency(), WAITING_GETS);
        // Nearly every build asks the service for something, at least for what it links.
        fetches.execute(client::connectAhead);
        Reporter reporter = new Reporter(err, options.verbose());
        Session session =
                new Session(
                        in,
                        out,
                        disk,
                        service,
                        fetches,
                        Workers.pool("upload", options.uploadConcurrency(), options.uploadQueue()),
                        new SessionSettings(
                                options.server().toString(),
                                options.uploadQueue(),
                                options.drainTimeout(),
                                Boolean.getBoolean(GREETED)),
                        reporter,
                        clock);
        session.run();
        String problem = decoders.problem();
        if (problem != null && options.verbose()) {
            reporter.warn("objects came uncompressed: " + problem);
        }
        // The Go command waits until stdout closes, and need not wait for what follows.
        try {
            out.close();
        } catch (IOException e) {
            // It is gone already.
        }
        disk.trimmer().trimIfDue();
    }

    private static CircuitBreaker breaker(Options options) {
        return new CircuitBreaker(
                options.breakerFailures(), options.breakerPause(), System::nanoTime);
    }

    /** Says now what would otherwise fail in every single put. A read-only directory still serves gets. */
    private static void prepare(String directory) throws UnusableDirectoryException {
        File file = new File(directory);
        if (file.isDirectory() || file.mkdirs() || file.isDirectory()) {
            return;
        }
        throw new UnusableDirectoryException(
                "cannot use the cache directory "
                        + directory
                        + (file.exists() ? ": it is no directory" : ": it cannot be created")
                        + "; pass another one with --cache-dir or GOCACHE");
    }
}
