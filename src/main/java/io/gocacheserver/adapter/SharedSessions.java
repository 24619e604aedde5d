package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.explain.PackageNames;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.protocol.ProtocolException;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;
import io.gocacheserver.adapter.remote.service.BuildsClient;
import io.gocacheserver.adapter.report.BuildContext;
import io.gocacheserver.adapter.report.BuildReport;
import io.gocacheserver.adapter.report.FailureLog;
import io.gocacheserver.adapter.report.JobSummary;
import io.gocacheserver.adapter.resident.SessionHost;
import io.gocacheserver.adapter.resident.WorkReport;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.session.Session;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.session.Tally;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The sessions of a resident process. Those with the same service and settings share connections, circuit breakers and
 * threads. Uploads do not hold up the end of a build; they go on behind it.
 */
final class SharedSessions implements SessionHost {

    /** Each upload has its own timeouts, so that many of them end by then even if the service hangs. */
    private static final Duration UPLOADS_AT_MOST = Duration.ofMinutes(30);

    /** For interrupted threads to count the uploads that they leave. */
    private static final Duration CANCEL = Duration.ofSeconds(1);

    private static final int KEPT_OPEN = 8;

    private final InstantSource clock = InstantSource.system();
    private final String version;
    private final RateLimitedLog log;
    private final Map<Object, Shared> open = new LinkedHashMap<>(); // in the order of last use
    private final Tally total = new Tally();
    private final JobSummary summary = new JobSummary();
    private final PackageNames names = new PackageNames();
    private final Set<Thread> working = new HashSet<>();
    private long started;
    private int running;
    private int notUploaded;
    private boolean cancelled;

    SharedSessions(String version, PrintStream log) {
        this.version = version;
        this.log = new RateLimitedLog(log, System::nanoTime);
    }

    @Override
    public void check(Options options) throws IOException {
        OneShot.prepare(options.cacheDir());
    }

    @Override
    public void serve(
            Options options,
            Origin origin,
            RequestReader requests,
            ResponseWriter responses,
            boolean greeted,
            PrintStream err,
            Runnable over) {
        long number = begin();
        Backend backend = acquire(options);
        try {
            BuildContext context =
                    new BuildContext(
                            options.server().toString(),
                            version,
                            options.cacheDir(),
                            origin.build());
            Reporter reporter = reporter(options, origin, context, err);
            NativeCache disk = new NativeCache(options.cacheDir(), unique(number), clock);
            GoBuild build =
                    new GoBuild(
                            origin.build(),
                            origin.build().environment(),
                            options.prefetch().profile());
            Session session =
                    backend.session(
                            options, requests, responses, disk, build, greeted, true, false,
                            reporter);
            try {
                session.run();
            } catch (ProtocolException e) {
                reporter.say(String.valueOf(e.getMessage()));
            }
            String refusal = backend.credentialProblem();
            if (refusal != null) {
                reporter.warn(refusal);
            }
            over.run();
            int undone = drain(session);
            SessionReport report = session.report(undone);
            if (report != null) {
                summary.add(report, context);
            }
            ReportedBuild reported = ReportedBuild.of(options, report, build, version);
            if (reported != null && !isCancelled()) {
                tell(reported, session, disk, backend);
            }
            disk.tidy(options.cacheMaxSize());
        } finally {
            release(options);
        }
    }

    /** Tells the service of a build, and what its actions were for. */
    private void tell(ReportedBuild reported, Session session, NativeCache disk, Backend backend) {
        BuildsClient.Told told = reported.tell(backend);
        summary.addSaved(told.savedMillis());
        interruptible(
                () -> {
                    summary.addCauses(
                            reported.name(told.id(), names, session.used().all(), disk, backend));
                    return 0;
                });
    }

    private Reporter reporter(
            Options options, Origin origin, BuildContext context, PrintStream err) {
        FailureLog failures = new FailureLog(options.cacheDir(), clock);
        return OneShot.reporter(
                options.report(),
                err,
                origin::watched,
                failure -> {
                    failures.add(failure);
                    log.add("a build in " + origin.build().directory() + ": " + failure);
                },
                () -> context);
    }

    private static String unique(long number) {
        return ProcessHandle.current().pid() + "-" + number;
    }

    private int drain(Session session) {
        int undone = interruptible(() -> session.drain(UPLOADS_AT_MOST));
        synchronized (this) {
            notUploaded += undone;
            total.add(session.tally());
        }
        return undone;
    }

    /** Does work that the end of the process need not wait for. */
    private int interruptible(Interruptible work) {
        Thread self = Thread.currentThread();
        synchronized (this) {
            working.add(self);
            if (cancelled) {
                self.interrupt();
            }
        }
        int result = 0;
        try {
            result = work.run();
        } catch (InterruptedException e) {
            self.interrupt();
        }
        synchronized (this) {
            working.remove(self);
        }
        boolean interrupted = Thread.interrupted();
        assert !interrupted || result >= 0;
        return result;
    }

    private interface Interruptible {
        int run() throws InterruptedException;
    }

    private synchronized long begin() {
        running++;
        return ++started;
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    /** One backend serves all sessions that have the same service, token and settings. */
    private synchronized Backend acquire(Options options) {
        Shared shared = open.remove(options.shared());
        if (shared == null) {
            shared = new Shared(new Backend(options, version));
            shared.backend.connectAhead();
        }
        shared.users++;
        open.put(options.shared(), shared);
        return shared.backend;
    }

    /** Ends a session; a few backends stay open for the next ones. */
    private synchronized void release(Options options) {
        Shared shared = open.get(options.shared());
        if (shared != null) {
            shared.users--;
        }
        Iterator<Shared> oldest = open.values().iterator();
        while (open.size() > KEPT_OPEN && oldest.hasNext()) {
            Shared candidate = oldest.next();
            if (candidate.users == 0) {
                oldest.remove();
                candidate.backend.close();
            }
        }
        running--;
        notifyAll();
    }

    private static final class Shared {
        final Backend backend;
        int users;

        Shared(Backend backend) {
            this.backend = backend;
        }
    }

    @Override
    public synchronized WorkReport end(Duration timeout) {
        await(timeout);
        cancelled = true;
        for (Thread thread : working) {
            thread.interrupt();
        }
        if (!working.isEmpty()) {
            await(CANCEL);
        }
        return report();
    }

    private void await(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            for (long left = timeout.toNanos(); running > 0 && left > 0; ) {
                wait(left / 1_000_000 + 1);
                left = end - System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private WorkReport report() {
        SessionReport all = total.report(notUploaded);
        StringBuilder text = new StringBuilder("served ");
        text.append(started).append(started == 1 ? " go command" : " go commands");
        if (started > 0) {
            text.append(": ").append(BuildReport.totals(all));
        }
        if (running > 0) {
            text.append(", ").append(running).append(" still running, and served to their end");
        }
        if (started > 0) {
            text.append('\n').append(summary.line(all));
        }
        String failures = BuildReport.failures(all);
        return new WorkReport(
                text.toString(), failures == null ? "" : failures, summary.markdown(started, all));
    }
}
