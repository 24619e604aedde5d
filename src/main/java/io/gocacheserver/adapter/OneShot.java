package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;
import io.gocacheserver.adapter.report.BuildReport;
import io.gocacheserver.adapter.report.FailureLog;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.session.Session;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

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
        GoBuild build = new GoBuild(null, System.getenv(), options.profile());
        Reporter reporter = reporter(options, version, build, err, OneShot::isWatched);
        Backend backend = new Backend(options, version);
        backend.connectAhead();
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
        backend.warnOfCredentials(reporter);
        String problem = backend.decodingProblem();
        if (problem != null && options.report().verbose()) {
            reporter.say("objects came uncompressed: " + problem);
        }
        ReportedBuild reported = ReportedBuild.of(options, session.report(0), build);
        // The Go command waits until stdout closes, a program that reads its stderr until that
        // does.
        close(out);
        err.close();
        if (reported != null) {
            reported.tell(backend, version);
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

    /** A session's reporter. Classes for failures and statistics are loaded only if they are needed. */
    static Reporter reporter(
            Options options,
            String version,
            GoBuild build,
            PrintStream err,
            BooleanSupplier watched) {
        Options.Report wanted = options.report();
        InstantSource clock = InstantSource.system();
        Reporter reporter =
                new Reporter(
                        err,
                        wanted.verbose(),
                        () -> wanted.saysFailures(watched),
                        failure -> new FailureLog(options.cacheDir(), clock).add(failure),
                        null);
        GoInvocation command = wanted.isWanted() ? build.invocation(true) : null;
        return command == null
                ? reporter
                : reporter.tellingTo(
                        new BuildReport(options, command, version, reporter, clock)::ended);
    }

    private static boolean isWatched() {
        return Boolean.getBoolean(TERMINAL)
                && !LauncherProcess.isNested(ProcessHandle.current().pid());
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
