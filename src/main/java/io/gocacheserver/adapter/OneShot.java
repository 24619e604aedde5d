package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;
import io.gocacheserver.adapter.report.BuildContext;
import io.gocacheserver.adapter.report.BuildReport;
import io.gocacheserver.adapter.report.FailureLog;
import io.gocacheserver.adapter.resident.NestedGo;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.session.Session;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Puts the parts together for one session that has a process of its own. */
final class OneShot {

    /** Set by the launcher, which sends the protocol's first line before it starts the JVM. */
    private static final String GREETED = "go-cache-adapter.greeted";

    /** Set by the launcher if stderr is a terminal, and this is no CI. */
    private static final String TERMINAL = "go-cache-adapter.terminal";

    private OneShot() {}

    /** Serves one Go command to its end, then trims the cache if that is due. */
    static void serve(
            Options options, String version, InputStream in, OutputStream out, PrintStream err)
            throws IOException {
        prepare(options.cacheDir());
        InstantSource clock = InstantSource.system();
        String unique = Long.toString(ProcessHandle.current().pid());
        NativeCache disk = new NativeCache(options.cacheDir(), unique, clock);
        Reporter reporter =
                reporter(
                        options.report(),
                        err,
                        OneShot::isWatched,
                        failure -> new FailureLog(options.cacheDir(), clock).add(failure),
                        () ->
                                new BuildContext(
                                        options.server().toString(),
                                        version,
                                        options.cacheDir(),
                                        GoInvocation.ofParent(System.getenv())));
        Backend backend = new Backend(options, version);
        backend.connectAhead();
        GoBuild build = new GoBuild(null, System.getenv(), options.prefetch().profile());
        Session session =
                backend.session(
                        options,
                        new RequestReader(in),
                        new ResponseWriter(out),
                        disk,
                        build,
                        Boolean.getBoolean(GREETED),
                        false,
                        Boolean.getBoolean(TERMINAL),
                        reporter);
        session.run();
        String refusal = backend.credentialProblem();
        if (refusal != null) {
            reporter.warn(refusal);
        }
        String problem = backend.decodingProblem();
        if (problem != null && options.report().verbose()) {
            reporter.say("objects came uncompressed: " + problem);
        }
        ReportedBuild reported = ReportedBuild.of(options, session.report(0), build, version);
        // The Go command waits until stdout closes, and a program that reads its stderr by a pipe
        // until that closes.
        // They need not wait for what follows.
        close(out);
        close(err);
        if (reported != null) {
            reported.tell(backend);
        }
        backend.awaitStreams();
        disk.tidy(options.cacheMaxSize());
    }

    private static void close(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            return;
        }
    }

    /**
     * A session's reporter. Classes for failures and statistics are loaded only if they are needed.
     *
     * @param memory takes failures
     * @param context the build, for statistics
     */
    static Reporter reporter(
            Options.Report wanted,
            PrintStream err,
            BooleanSupplier watched,
            Consumer<String> memory,
            Supplier<BuildContext> context) {
        Reporter reporter =
                new Reporter(
                        err, wanted.verbose(), () -> wanted.saysFailures(watched), memory, null);
        return wanted.isWanted()
                ? reporter.tellingTo(
                        new BuildReport(wanted, context.get(), reporter, InstantSource.system())
                                ::ended)
                : reporter;
    }

    private static boolean isWatched() {
        return Boolean.getBoolean(TERMINAL) && !NestedGo.isNested(ProcessHandle.current().pid());
    }

    /** Says now what would otherwise fail in every single put. A read-only directory still serves gets. */
    static void prepare(String directory) throws IOException {
        File file = new File(directory);
        if (file.isDirectory() || file.mkdirs() || file.isDirectory()) {
            return;
        }
        throw new IOException(
                "cannot use the cache directory %s: it %s; pass another one with --cache-dir or GOCACHE"
                        .formatted(
                                directory,
                                file.exists() ? "is no directory" : "cannot be created"));
    }
}
